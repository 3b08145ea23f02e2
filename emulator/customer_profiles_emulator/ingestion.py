"""The service's two steps with an object: accepting it, which the caller is answered, and attaching it to a profile.

Without an indexing delay the second follows the first within the request, so that a test can read what it wrote at
once; with a delay, accepted objects wait in the store (a kill -9 does not lose them) until a worker calls
`process_due`.

(unverified): that an object written again under the same UNIQUE key moves when its keys now match another profile;
that the last processed object of the highest source priority wins each profile field, whatever its source timestamp
says; that fields of replaced, evicted and deleted objects stay on the profile until their type is deleted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from customer_profiles_emulator.acceptance import AcceptedObject, accept
from customer_profiles_emulator.dead_letters import DeadLetter, DeadLetterQueue
from customer_profiles_emulator.matching import keys_to_keep, match_profile, merged
from customer_profiles_emulator.object_types import (
    LOWEST_PRIORITY,
    MAX_PROFILE_OBJECTS,
    ObjectType,
    compile_object_type,
    is_standard,
)
from customer_profiles_emulator.object_types.templates import implicit_definition
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.objects import ObjectKey, PendingObject, Scope, StoredObject
from customer_profiles_emulator.transport.errors import BadRequestError, ResourceNotFoundError
from customer_profiles_emulator.wire.stats import Stats

_DAY = 86_400.0
_BATCH = 100
_AMBIGUOUS = 2
_NO_PROFILE = "No profile matches the object and its type does not allow profile creation"
WallClock = Callable[[], float]
"""Seconds since the epoch."""


class Ingestion:
    """Takes objects into the store, and sends dead letters. Safe to use from many threads.

    Attributes:
        dead_letters_wait: set when there is a dead letter to send.
    """

    def __init__(
        self, store: Store, stats: Stats, dead_letters: DeadLetterQueue, clock: WallClock, delay: float = 0.0
    ) -> None:
        """Wire the parts; `delay` is the seconds between acceptance and processing, 0 for within the request."""
        self.delay = delay
        self.dead_letters_wait = threading.Event()
        self._store = store
        self._stats = stats
        self._dead_letters = dead_letters
        self._clock = clock
        self._types: dict[tuple[str, str], ObjectType] = {}
        self._types_lock = threading.Lock()
        self._processing = threading.Lock()
        self._sending = threading.Lock()

    def object_type(self, domain: str, name: str) -> ObjectType:
        """The compiled type, put before or implicit: one with a template's name exists from its first use.

        Raises:
            ResourceNotFoundError: there is no such domain or type.
            BadRequestError: it is the name of a standard object, into which no object is put.
        """
        compiled = self._types.get((domain, name))
        return self._load_type(domain, name) if compiled is None else compiled

    def _load_type(self, domain: str, name: str) -> ObjectType:
        # Read and cached in one step, or a definition replaced in between would stay in the cache for good.
        with self._types_lock:
            self._types[domain, name] = compile_object_type(name, self._definition(domain, name))
            return self._types[domain, name]

    def _definition(self, domain: str, name: str) -> dict[str, Any]:
        document = self._store.catalogue.object_type(domain, name)
        if document is not None:
            return document.members
        if is_standard(name):
            raise BadRequestError(f"{name} is a standard object: objects are put into types whose fields target it")
        implicit = implicit_definition(name)
        if implicit is None or self._store.catalogue.domain(domain) is None:
            raise ResourceNotFoundError("The domain or the object type does not exist, or access was denied")
        self._store.catalogue.put_object_type(domain, name, implicit, self._clock())
        return implicit

    def forget_types(self) -> None:
        """Compile types anew: one was put or deleted."""
        with self._types_lock:
            self._types = {}

    def put(self, domain: str, type_name: str, text: str) -> str:
        """Accept an object, and process it unless a delay is set; returns its ProfileObjectUniqueKey.

        Raises:
            ResourceNotFoundError: there is no such domain or type.
            BadRequestError: the object is refused.
        """
        object_type = self.object_type(domain, type_name)
        accepted = accept(object_type, text)
        now = self._clock()
        self._stats.event("objects_accepted")
        if self.delay > 0:
            self._store.objects.add_pending(PendingObject(domain, type_name, text, now))
        else:
            self._process(domain, object_type, accepted, now)
        return accepted.unique_key

    def process_due(self) -> int:
        """Process what is due, in the order of acceptance; how many objects that were."""
        with self._processing:
            due = self._store.objects.pending(self._clock() - self.delay, _BATCH)
            for pending in due:
                self._process_pending(pending)
            return len(due)

    def _process_pending(self, pending: PendingObject) -> None:
        # Deleted last: after a crash in between it is processed again, and replaces itself.
        try:
            object_type = self.object_type(pending.domain, pending.type_name)
            self._process(pending.domain, object_type, accept(object_type, pending.text), pending.accepted_at)
        except (ResourceNotFoundError, BadRequestError) as error:
            # The type was changed or deleted since the object was accepted.
            letter = DeadLetter(pending.domain, pending.type_name, pending.text, pending.accepted_at, error.message)
            self._dead_letter(letter)
        self._store.objects.delete_pending(pending.seq)

    def send_dead_letters(self) -> int:
        """Send the dead letters that wait; how many there were. One that cannot be sent is counted and dropped."""
        with self._sending:
            waiting = self._store.dead_letters.waiting(_BATCH)
            for addressed in waiting:
                sent = self._dead_letters.send(addressed.queue_url, addressed.letter)
                self._stats.event("objects_dead_lettered" if sent else "dead_letters_failed")
                # Deleted last: a crash in between sends it twice, which a queue's reader must expect anyway.
                self._store.dead_letters.delete(addressed.seq)
            return len(waiting)

    def expire(self) -> None:
        """Delete the objects that have expired; what they wrote to their profiles stays (unverified)."""
        expired = self._store.objects.expire(self._clock())
        if expired:
            self._stats.event("objects_expired", expired)

    def _process(self, domain: str, object_type: ObjectType, accepted: AcceptedObject, accepted_at: float) -> None:
        with self._store.transaction():
            self.expire()  # first, or they would count against a profile's thousand
            attached = self._attach(domain, object_type, accepted, accepted_at)
        if not attached:
            self._stats.event("objects_unmatched")
            self._dead_letter(DeadLetter(domain, object_type.name, accepted.text, accepted_at, _NO_PROFILE))

    def _attach(self, domain: str, object_type: ObjectType, accepted: AcceptedObject, accepted_at: float) -> bool:
        profile_id = match_profile(accepted.keys, lambda name, value: self._lookup(domain, name, value))
        created = profile_id is None
        if profile_id is None:
            if not object_type.allow_profile_creation:
                return False
            profile_id = self._store.profiles.new_id()
            self._stats.event("profiles_created")
        self._write_profile(domain, object_type, accepted, profile_id, created=created)
        self._write_object(domain, object_type, accepted, profile_id, accepted_at)
        return True

    def _lookup(self, domain: str, name: str, value: str) -> Sequence[str]:
        return self._store.profiles.by_key(domain, name, value, limit=_AMBIGUOUS)

    def _write_profile(
        self, domain: str, object_type: ObjectType, accepted: AcceptedObject, profile_id: str, *, created: bool
    ) -> None:
        existing = None if created else self._store.profiles.get(domain, profile_id)
        before = {} if existing is None else existing.fields
        updates = {**accepted.inferred, **accepted.updates} if created else accepted.updates
        fields = merged(before, updates, object_type, lambda name: self._source_priority(domain, name))
        if created or fields != before:
            self._store.profiles.write(domain, profile_id, fields)
        for key in keys_to_keep(accepted.keys, created=created):
            self._store.profiles.add_key(domain, key.key.name, key.index_value, profile_id, object_type.name)

    def _source_priority(self, domain: str, type_name: str) -> float:
        # Not `object_type`: this runs within a transaction, and a type is loaded with the locks the other way round.
        compiled = self._types.get((domain, type_name))
        if compiled is not None:
            return compiled.source_priority
        document = self._store.catalogue.object_type(domain, type_name)
        return (None if document is None else document.members.get("SourcePriority")) or LOWEST_PRIORITY

    def _write_object(
        self, domain: str, object_type: ObjectType, accepted: AcceptedObject, profile_id: str, accepted_at: float
    ) -> None:
        key = ObjectKey(domain, object_type.name, accepted.unique_key)
        replaced = self._store.objects.profile_of(key)
        days = object_type.expiration_days or self._default_expiration_days(domain)
        self._store.objects.write(
            StoredObject(
                key=key,
                unique_values=list(accepted.unique_values),
                profile_id=profile_id,
                text=accepted.text,
                ingested_at=accepted_at,
                expires_at=accepted_at + days * _DAY,
            )
        )
        self._stats.event("objects_written")
        if replaced is not None:
            self._stats.event("objects_replaced")
        if replaced != profile_id:
            self._evict(domain, object_type, profile_id)

    def _default_expiration_days(self, domain: str) -> int:
        document = self._store.catalogue.domain(domain)
        return 1 if document is None else int(document.members["DefaultExpirationDays"])

    def _evict(self, domain: str, object_type: ObjectType, profile_id: str) -> None:
        evicted = self._store.objects.evict(Scope(domain, profile_id), MAX_PROFILE_OBJECTS)
        if object_type.max_objects is not None:
            evicted += self._store.objects.evict(Scope(domain, profile_id, object_type.name), object_type.max_objects)
        if evicted:
            self._stats.event("objects_evicted", evicted)

    def _dead_letter(self, letter: DeadLetter) -> None:
        # Sent by a thread of its own: the service answers the caller long before it writes to a queue.
        document = self._store.catalogue.domain(letter.domain)
        queue_url = document.members.get("DeadLetterQueueUrl") if document is not None else None
        if not queue_url:
            self._stats.event("objects_lost")
        else:
            self._store.dead_letters.add(queue_url, letter)
            self.dead_letters_wait.set()
