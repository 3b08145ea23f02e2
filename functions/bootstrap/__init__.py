"""The custom resource that registers the profile object type: CloudFormation's request in, its answer out."""
