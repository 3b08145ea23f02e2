"""What queries cost as a domain grows, in steps of SQLite's virtual machine: a clock would measure the computer."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.operations.domains import DomainOperations
from customer_profiles_emulator.operations.search import SearchOperations
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.objects import ObjectKey, Scope, StoredObject
from customer_profiles_emulator.wire.stats import Stats
from tests.customer_profiles_samples import DOMAIN, TYPE, definition
from tests.fakes.clock import FakeClock
from tests.fakes.dead_letters import FakeDeadLetterQueue

SMALL, LARGE = 300, 3_000
PAGE = 50


class Grown:
    """A domain with `size` profiles of one object each; all share an account, one in a hundred a phone number."""

    def __init__(self, size: int, path: str = ":memory:") -> None:
        self.clock = FakeClock()
        self.store = Store(path)
        ingestion = Ingestion(self.store, Stats(), FakeDeadLetterQueue(), self.now)
        self.domains = DomainOperations(self.store, ingestion, self.now)
        self._search = SearchOperations(self.store, ingestion)
        with self.store.transaction():
            self.store.catalogue.put_domain(DOMAIN, {"DefaultExpirationDays": 30}, self.now())
            self.store.catalogue.put_object_type(DOMAIN, TYPE, definition(), self.now())
            for number in range(size):
                self.add(number)

    def now(self) -> float:
        return self.clock.now().timestamp()

    def add(self, number: int, domain: str = DOMAIN) -> None:
        profile_id = self.store.profiles.new_id()
        self.store.profiles.write(domain, profile_id, {})
        self.store.profiles.add_key(domain, "_account", '["shared"]', profile_id, TYPE)
        if number % 100 == 0:
            self.store.profiles.add_key(domain, "_phone", '["2063457890"]', profile_id, TYPE)
        key = ObjectKey(domain, TYPE, f"k{number}")
        expires_at = self.now() + (86_400 if number % 2 else 2 * 86_400)
        self.store.objects.write(StoredObject(key, [], profile_id, "x" * 10, self.now(), expires_at))

    def search(self, *keys: tuple[str, str], token: str | None = None, **more: Any) -> dict[str, Any]:
        first, *others = [{"KeyName": name, "Values": [value]} for name, value in keys]
        request = {"DomainName": DOMAIN, **first, "MaxResults": PAGE, **more}
        return self._search.search(
            request
            | ({"AdditionalSearchKeys": others} if others else {})
            | ({} if token is None else {"NextToken": token})
        )

    def listed(self, scope: Scope) -> int:
        """How many objects the control plane's listing gives, page by page."""
        after = found = 0
        while page := self.store.objects.page(scope, now=self.now(), after=after, limit=PAGE):
            after = page[-1].seq
            found += len(page)
        return found

    def objects(self) -> list[StoredObject]:
        return self.store.objects.page(Scope(DOMAIN), now=self.now())

    def steps(self, question: Callable[[], object]) -> int:
        """How many steps of SQLite's machine a question takes."""
        count = 0

        def step() -> None:
            nonlocal count
            count += 1

        self.store.watch(step)
        question()
        self.store.watch(None)
        return count


@pytest.fixture(scope="module")
def domains() -> Iterator[tuple[Grown, Grown]]:
    """A domain, and one ten times as large."""
    with ExitStack() as made:
        sizes = [Grown(SMALL), Grown(LARGE)]
        for grown in sizes:
            made.callback(grown.store.close)
        yield sizes[0], sizes[1]


Domains = tuple[Grown, Grown]


@pytest.mark.parametrize("scope", [Scope(), Scope(domain=DOMAIN), Scope(domain=DOMAIN, type_name=TYPE)])
def test_listing_all_objects_grows_with_their_number_and_not_with_its_square(domains: Domains, scope: Scope) -> None:
    """A soak reads back every object that it wrote."""
    small, large = domains

    assert (small.listed(scope), large.listed(scope)) == (SMALL, LARGE)
    assert large.steps(lambda: large.listed(scope)) < 12 * small.steps(lambda: small.listed(scope))


def test_a_domains_size_is_known_without_counting(domains: Domains) -> None:
    """GetDomain holds the one lock: while it counted, every writer would wait."""
    small, large = domains

    described = large.domains.get({"DomainName": DOMAIN})["Stats"]

    assert (described["ProfileCount"], described["ObjectCount"]) == (LARGE, LARGE)
    assert described["TotalSize"] == 10 * LARGE
    named = {"DomainName": DOMAIN}
    assert large.steps(lambda: large.domains.get(named)) == small.steps(lambda: small.domains.get(named))


def pages(grown: Grown, *keys: tuple[str, str], **more: Any) -> tuple[list[str], int]:
    """What a search finds, page by page, and the most that a page cost."""
    answers: list[dict[str, Any]] = []
    costs: list[int] = []

    def turn() -> None:
        answers.append(grown.search(*keys, token=answers[-1]["NextToken"] if answers else None, **more))

    while not answers or "NextToken" in answers[-1]:
        costs.append(grown.steps(turn))
    return [item["ProfileId"] for answer in answers for item in answer["Items"]], max(costs)


SHARED, RARE = ("_account", "shared"), ("_phone", "+1 (206) 345-7890")


@pytest.mark.parametrize(("keys", "operator"), [([SHARED], "OR"), ([SHARED, RARE], "OR")])
def test_a_page_of_a_search_costs_what_is_on_it(domains: Domains, keys: list[tuple[str, str]], operator: str) -> None:
    """However many profiles share the key, on the last page as on the first."""
    small, large = domains
    found, large_cost = pages(large, *keys, LogicalOperator=operator)
    _, small_cost = pages(small, *keys, LogicalOperator=operator)

    assert len(found) == len(set(found)) == LARGE
    assert found == sorted(found)
    assert large_cost < 1.2 * small_cost


def test_keys_that_all_must_match_cost_what_the_rarest_finds(domains: Domains) -> None:
    """A common key beside a rare one must not be read whole."""
    _, large = domains
    found, cost = pages(large, SHARED, RARE, LogicalOperator="AND")
    rare, rare_cost = pages(large, RARE)

    assert found == rare
    assert len(found) == LARGE // 100
    assert cost < 5 * rare_cost


def test_expired_objects_are_removed_and_not_counted() -> None:
    """A domain holds what it keeps; a run over many days must not grow without an end."""
    grown = Grown(SMALL)
    grown.clock.advance(86_400)

    stats = grown.domains.get({"DomainName": DOMAIN})["Stats"]

    assert (stats["ObjectCount"], stats["TotalSize"]) == (SMALL // 2, 10 * SMALL // 2)
    grown.clock.advance(-86_400)
    assert grown.listed(Scope()) == SMALL // 2  # gone, and not only hidden
    grown.store.close()


def test_looking_for_expired_objects_costs_nothing_while_there_are_none(domains: Domains) -> None:
    """It is looked for with every write."""
    small, large = domains

    assert large.steps(lambda: large.store.objects.expire(large.now())) == small.steps(
        lambda: small.store.objects.expire(small.now())
    )


def test_sizes_follow_replacement_eviction_and_deletion() -> None:
    """They are kept beside the rows, and must never drift from them."""
    grown = Grown(10)
    grown.add(11, "Other")
    grown.add(3)  # the same object again, on a profile of its own
    grown.store.objects.evict(Scope(DOMAIN, grown.objects()[0].profile_id), keep=0)
    assert grown.store.sizes.of(DOMAIN).objects == len(grown.objects()) == 9

    grown.store.delete_object_type(DOMAIN, TYPE)
    assert (grown.store.sizes.of(DOMAIN).objects, grown.store.sizes.of(DOMAIN).profiles) == (0, 11)
    assert (grown.store.sizes.of("Other").objects, grown.store.sizes.of("Other").characters) == (1, 10)

    grown.store.delete_domain(DOMAIN)
    assert grown.store.sizes.of(DOMAIN).profiles == 0
    grown.store.close()


def test_a_file_from_before_sizes_were_kept_is_counted_once(tmp_path: Path) -> None:
    """What an older emulator wrote must not look empty."""
    path = str(tmp_path / "old.db")
    grown = Grown(5, path)
    grown.store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("DROP TABLE domain_sizes")

    again = Store(path)

    size = again.sizes.of(DOMAIN)
    assert (size.profiles, size.objects, size.characters) == (5, 5, 50)
    again.close()
