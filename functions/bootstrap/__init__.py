"""Two custom resources, the object type and Connect's campaigns: CloudFormation's request in, its answer out."""
