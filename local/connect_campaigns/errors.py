"""The errors that the model of connectcampaignsv2 names for instances' integrations, each with its HTTP status.

Faults and the wire layer come from the Customer Profiles emulator and speak its language; `translated` says the same in
this service's.
"""

from customer_profiles_emulator.errors import BadRequestError, ConcurrentUpdateError, ServiceError


class ValidationError(ServiceError):
    """The input breaks a constraint of the model."""

    code = "ValidationException"
    status = 400


class ConflictError(ServiceError):
    """Something else changes the resource."""

    code = "ConflictException"
    status = 409


def translated(error: ServiceError) -> ServiceError:
    """Return the error as this service names it; most have the same name in both."""
    if isinstance(error, ConcurrentUpdateError):
        return ConflictError("The request could not be processed because of conflict in the current state (injected)")
    return ValidationError(error.message) if isinstance(error, BadRequestError) else error
