"""What a stack's status means where a deployment went wrong, and what to do."""

DELETE_FIRST = "delete the stack (its queues may hold customers: README, before you delete), then deploy again"
AGAIN = "find the first failure in the stack's events and mend its cause, then deploy again"
CONTINUE = (
    "find the first failure in the stack's events and mend its cause, then `aws cloudformation continue-update-rollback"
    " --stack-name {stack}` (with --resources-to-skip for what cannot be mended); then deploy again"
)
WITHOUT_OUTPUTS = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
"""Where a stack of this template may have no outputs."""
ADVICE = {
    "CREATE_FAILED": ("its first deployment failed half way", DELETE_FIRST),
    "ROLLBACK_COMPLETE": ("its first deployment failed and was undone: such a stack can only be deleted", DELETE_FIRST),
    "ROLLBACK_FAILED": ("its first deployment failed, and could not be undone", DELETE_FIRST),
    "UPDATE_FAILED": (
        "its last deployment failed half way, and was left so",
        f"{AGAIN}; or `aws cloudformation rollback-stack --stack-name {{stack}}`",
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "its last deployment failed, and could not be undone: parts are new, parts are old, and none can be deployed",
        CONTINUE,
    ),
    "UPDATE_ROLLBACK_COMPLETE": (
        "its last deployment failed and was undone: it runs as before",
        AGAIN,
    ),
    "DELETE_FAILED": (
        "it was deleted in part",
        "mend the cause that the stack's events name, then delete it again (--retain-resources leaves what must stay)",
    ),
}
"""What a status means, and what to do, by CloudFormation's name for it."""
