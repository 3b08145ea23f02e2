"""Object types in the shapes that public projects and AWS's guide register, written by hand for tests."""

from typing import Any

Fields = dict[str, dict[str, str]]


def key(field: str, *identifiers: str) -> list[dict[str, list[str]]]:
    """A key of one field; without identifiers it is there for searching only."""
    entry = {"FieldNames": [field]}
    return [{**entry, "StandardIdentifiers": list(identifiers)} if identifiers else entry]


def fields(*names: str, **targeted: str) -> Fields:
    """Fields that read what has their name: `names` without a target, `targeted` with one."""
    plain = {name: {"Source": f"_source.{name}"} for name in names}
    return plain | {name: {"Source": f"_source.{name}", "Target": target} for name, target in targeted.items()}


def object_type(described: Fields, keys: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The members of a PutProfileObjectType request."""
    return {"Description": "d", "AllowProfileCreation": True, "Fields": described, "Keys": keys, **more}


_TIMESTAMPS = {"SourceLastUpdatedTimestampFormat": "yyyy-MM-dd'T'HH:mm:ss'Z'"}

AIR_BOOKING = object_type(
    fields(
        "BirthDate",
        LoyaltyId="_profile.Attributes.LoyaltyId",
        AccountNumber="_profile.AccountNumber",
        Membership="_airBooking.Loyalty.MembershipId",
        BookingId="_airBooking.Attributes.BookingId",
        PNR="_airBooking.Attributes.PNR",
        Channel="_airBooking.Channel.Method",
        Price="_airBooking.Price.TotalPrice",
        Oxygen="_airBooking.Oxygen",
        SegmentId="_airSegment.Attributes.SegmentId",
        From="_airSegment.Origin",
        DepartureTime="_airSegment.Departure.ScheduledTime",
        Heavy="_airSegment.Baggage.IsHeavy",
        SeatNumber="_airSegment.Seat.SeatNumber",
    ),
    {
        "LoyaltyId": key("LoyaltyId", "PROFILE"),
        "ObjectId": key("BookingId", "UNIQUE", "AIR_BOOKING"),
        "SegmentId": key("SegmentId", "AIR_SEGMENT"),
        "PNR": key("PNR"),
    },
    **_TIMESTAMPS,
)
LOYALTY = object_type(
    fields(
        LoyaltyId="_profile.Attributes.LoyaltyId",
        Membership="_loyalty.MembershipId",
        Status="_loyalty.Status",
        Gender="_profile.Gender",
        NextTier="_loyalty.Tier.NextTier",
        Balance="_loyalty.Points.Balance",
    ),
    {"LoyaltyId": key("LoyaltyId", "UNIQUE", "PROFILE", "LOYALTY")},
    **_TIMESTAMPS,
)
AIR_PREFERENCE = object_type(
    fields(
        "LoyaltyId",
        "CabinCode",
        PreferenceId="_airPreference.Attributes.AirPreferenceId",
        Seat="_airPreference.Seat.Location",
        Airport="_airPreference.HomeAirport",
        Meal="_airPreference.Dining.MealType",
    ),
    {"LoyaltyId": key("LoyaltyId", "PROFILE"), "PreferenceId": key("PreferenceId", "UNIQUE", "AIR_PREFERENCE")},
    AllowProfileCreation=False,
)
HOTEL_RESERVATION = object_type(
    fields(
        LoyaltyId="_profile.Attributes.LoyaltyId",
        ReservationId="_hotelReservation.Attributes.ReservationId",
        Confirmation="_hotelReservation.ConfirmationNumber",
        CheckIn="_hotelReservation.CheckIn.Date",
        Room="_hotelReservation.Room.TypeCode",
        Adults="_hotelReservation.Guests.Adults",
        Plan="_hotelReservation.RatePlan.Code",
    ),
    {
        "LoyaltyId": key("LoyaltyId", "PROFILE"),
        "ReservationObjectId": key("ReservationId", "UNIQUE", "HOTEL_RESERVATION"),
        "ConfirmationNumber": key("Confirmation"),
    },
)
HOTEL_PREFERENCE = object_type(
    fields(
        "LoyaltyId",
        PreferenceId="_hotelPreference.Attributes.HotelPreferenceId",
        Floor="_hotelPreference.Location.PreferredFloor",
        Pillow="_hotelPreference.Bedding.PillowType",
    ),
    {"LoyaltyId": key("LoyaltyId", "PROFILE"), "HotelPreference": key("PreferenceId", "UNIQUE", "HOTEL_PREFERENCE")},
    AllowProfileCreation=False,
)
HOTEL_STAY_REVENUE = object_type(
    fields(
        GuestId="_hotelStayRevenue.GuestId",
        Account="_profile.AccountNumber",
        StayRevenueId="_hotelStayRevenue.Attributes.StayRevenueId",
        Amount="_hotelStayRevenue.Amount",
    ),
    {"LoyaltyId": key("GuestId", "PROFILE"), "StayRevenueId": key("StayRevenueId", "UNIQUE", "HOTEL_STAY_REVENUE")},
)
PRINCIPAL = object_type(
    {"principalId": {**fields(principalId="_profile.Attributes.principalId")["principalId"], "ContentType": "STRING"}},
    {"principalIdKey": key("principalId", "PROFILE", "UNIQUE")},
)
SUBSCRIPTION = object_type(
    fields(
        UserId="_profile.AccountNumber",
        startDate="_profile.Attributes.SubscriptionStartDate",
        autoRenew="_profile.Attributes.SubscriptionAutoRenew",
    ),
    {"_account": key("UserId", "PROFILE", "UNIQUE")},
    ExpirationDays=400,
)
IMPORTED_PERSON = object_type(
    {
        "FirstName": {"Source": "_source.FirstName", "Target": "_profile.FirstName", "ContentType": "NAME"},
        "Phone": {"Source": "_source.Phone", "Target": "_profile.PhoneNumber", "ContentType": "PHONE_NUMBER"},
        "RecordId": {"Source": "_source.RecordId", "ContentType": "STRING"},
        "Account": {"Source": "_source.Account", "Target": "_profile.AccountNumber", "ContentType": "STRING"},
    },
    {"RecordId": key("RecordId", "PROFILE", "UNIQUE")},
)

SMALLEST = object_type(fields("customerId"), {"crmCustomerId": key("customerId", "PROFILE", "UNIQUE")})
PERSON = object_type(
    {
        **fields(
            customerId="_profile.AccountNumber",
            city="_profile.MailingAddress.City",
        ),
        "emailAddress": {
            "Source": "_source.email",
            "Target": "_profile.EmailAddress",
            "ContentType": "EMAIL_ADDRESS",
        },
        "phoneNumber": {"Source": "_source.phone", "Target": "_profile.PhoneNumber", "ContentType": "PHONE_NUMBER"},
        "firstName": {"Source": "_source.firstName", "Target": "_profile.FirstName", "ContentType": "NAME"},
        "mailingAddress.address1": {"Source": "_source.address.street", "Target": "_profile.MailingAddress.Address1"},
        "fullName": {
            "Source": "{{#removeExtraSpace}}{{_source.firstName}} {{_source.lastName}}{{/removeExtraSpace}}",
            "ContentType": "NAME",
        },
    },
    {
        "crmCustomerId": key("customerId", "PROFILE", "UNIQUE"),
        "_email": key("emailAddress"),
        "_phone": key("phoneNumber"),
        "_fullName": key("fullName"),
    },
)
ASSET_REGISTRATION = object_type(
    {
        "emailAddress": {
            "Source": "_source.customerEmail",
            "Target": "_profile.PersonalEmailAddress",
            "ContentType": "EMAIL_ADDRESS",
        },
        "price": {"Source": "_source.price", "Target": "_asset.Price", "ContentType": "NUMBER"},
        **fields(
            assetName="_asset.AssetName",
            serialNumber="_asset.SerialNumber",
            installer="_asset.Attributes.InstallerName",
        ),
    },
    {
        "_email": key("emailAddress", "PROFILE"),
        "productSerialNumber": key("serialNumber", "ASSET", "UNIQUE"),
    },
)
TICKET = object_type(
    {
        "emailAddress": {"Source": "_source.customerEmail", "ContentType": "EMAIL_ADDRESS"},
        **fields(
            "ticketId",
            assetSerialNumber="_case.Attributes.SerialNumber",
            title="_case.Title",
            status="_case.Status",
        ),
    },
    {
        "_email": key("emailAddress", "PROFILE"),
        "productSerialNumber": key("assetSerialNumber", "ASSET"),
        "serviceTicketId": key("ticketId", "CASE", "UNIQUE"),
    },
)

# By domain, since a key's name means the same in the whole of one.
TRAVEL = {
    "Booking": AIR_BOOKING,
    "Loyalty": LOYALTY,
    "Preferences": AIR_PREFERENCE,
    "HotelReservation": HOTEL_RESERVATION,
    "HotelPreferences": HOTEL_PREFERENCE,
    "HotelStayRevenue": HOTEL_STAY_REVENUE,
}
APPLICATIONS = {"AmplifyProfile": PRINCIPAL, "PurchasedSubscription": SUBSCRIPTION, "Imported": IMPORTED_PERSON}
WORKED_EXAMPLES = {"Smallest": SMALLEST, "Person": PERSON, "Registration": ASSET_REGISTRATION, "Ticket": TICKET}
