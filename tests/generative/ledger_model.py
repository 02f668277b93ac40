"""The identity ledger once more, slowly: dictionaries, one record at a time, no storage.

It says what each act must do, by the rules that the package states. What only chance decides, the text
of a new id, it asks the ledger for, and holds it against every id given before.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Record = str
NEW = "new "


class Refused(Exception):
    """The act must be refused: `why` is nonsense, broken or depends; `events` are those to be named."""

    def __init__(self, why: str, events: Iterable[int] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.events = set(events)


@dataclass
class ModelEvent:
    """One event: `base` is the one that it undoes or restores."""

    kind: str
    left: str | None
    entered: str | None
    records: list[Record]
    act: int
    base: int | None = None
    apart: bool = False
    said: tuple[Record, Record, bool] | None = None


@dataclass
class Model:
    """A ledger's state. `stacks`: the events in force that moved a record, newest last."""

    places: dict[Record, str | None] = field(default_factory=dict)
    stacks: dict[Record, list[int]] = field(default_factory=lambda: defaultdict(list))
    last_left: dict[Record, str | None] = field(default_factory=dict)
    events: list[ModelEvent] = field(default_factory=list)
    undone_by: dict[int, int] = field(default_factory=dict)
    left_by_undo: dict[tuple[int, Record], list[int]] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    born: dict[str, int] = field(default_factory=dict)
    heirs: dict[str, list[str]] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    acts: int = 0

    # What is so.

    def records_of(self, entity: str) -> list[Record]:
        return [record for record, place in self.places.items() if place == entity]

    def living(self, entity: str) -> bool:
        return bool(self.records_of(entity))

    def resolve(self, entity: str) -> set[str]:
        if self.living(entity):
            return {entity}
        return set().union(*(self.resolve(heir) for heir in self.heirs.get(entity, [])), set())

    def said(self) -> dict[int, tuple[Record, Record, bool]]:
        return {
            number: event.said
            for number, event in enumerate(self.events)
            if event.said and number not in self.undone_by
        }

    def broken(self, places: dict[Record, str | None], without: Iterable[int] = ()) -> set[int]:
        return {
            number
            for number, (one, other, same) in self.said().items()
            if number not in set(without)
            and places.get(one)
            and places.get(other)
            and (places[one] == places[other]) != same
        }

    # Acts.

    def batch(
        self, clusters: dict[Record, int], withdrawn: list[Record], ask: Callable[[Record], str]
    ) -> None:
        """What a batch does; `ask` tells a new id by one of its records, once the act is done."""
        keeper = self._keepers(clusters)
        after = dict(self.places)
        moved_on = {
            entity: keeper[home]
            for entity, home in self._homes(clusters, self._placed(clusters)).items()
        }
        for record, place in self.places.items():
            after[record] = moved_on.get(place, place) if place else None
        after |= {record: keeper[cluster] for record, cluster in clusters.items()}
        after |= dict.fromkeys(withdrawn)
        if broken := self.broken(after):
            raise Refused("broken", broken)
        for record in clusters:
            self.places.setdefault(record, None)  # numbered in the order in which they are listed
        known = set(self.given)
        self._name_new(after, keeper, ask)
        ways = defaultdict(list)
        for record, place in after.items():
            if place != self.places.get(record):
                ways[self.places.get(record), place].append(record)
        split_into = {to for origin, to in ways if origin and to not in known}
        found = [
            ModelEvent(
                self._kind(origin, to, moved_on, known, split_into),
                origin,
                to,
                records,
                self.acts + 1,
            )
            for (origin, to), records in ways.items()
        ]
        found.sort(key=self._order_in_batch)
        for event in found:
            event.apart = event.kind == "split"
        self._do(found)

    def _placed(self, clusters: dict[Record, int]) -> dict[Record, str]:
        return {one: self.places[one] for one in clusters if self.places.get(one)}

    def _homes(self, clusters: dict[Record, int], ids: dict[Record, str]) -> dict[str, int]:
        """Each id's cluster: most records, then the one with its earliest."""
        homes = {}
        order = list(self.places) + [one for one in clusters if one not in self.places]
        for entity in set(ids.values()):
            mine = sorted((one for one in ids if ids[one] == entity), key=order.index)
            counts = Counter(clusters[one] for one in mine)
            homes[entity] = max(counts, key=lambda c: counts[c])  # the first met, among equals
        return homes

    def _keepers(self, clusters: dict[Record, int]) -> dict[int, str]:
        keepers = self._oldest_at_home(clusters, self._placed(clusters))
        back = {}
        for record in clusters:
            former = self.last_left.get(record)
            if (
                record in self.places
                and self.places[record] is None
                and former
                and not self.living(former)
                and former not in self.heirs
                and clusters[record] not in keepers
            ):
                back[record] = former
        keepers |= self._oldest_at_home(clusters, back)
        return {c: keepers.get(c, f"{NEW}{c}") for c in clusters.values()}

    def _oldest_at_home(
        self, clusters: dict[Record, int], ids: dict[Record, str]
    ) -> dict[int, str]:
        keepers: dict[int, str] = {}
        homes = self._homes(clusters, ids)
        for entity in sorted(homes, key=self._age):
            keepers.setdefault(homes[entity], entity)
        return keepers

    def _age(self, entity: str) -> tuple[int, int, int]:
        born = self.events[self.born[entity]].act
        return born, -len(self.records_of(entity)), self.given.index(entity)

    def _name_new(
        self, after: dict[Record, str | None], keeper: dict[int, str], ask: Callable[[Record], str]
    ) -> None:
        """Learn the new ids, in the order of their clusters, and put them in place of stand-ins."""
        for stand_in in keeper.values():
            mine = [record for record, place in after.items() if place == stand_in]
            if stand_in.startswith(NEW):
                name = ask(mine[0])
                assert name not in self.given
                self.given.append(name)
                after |= dict.fromkeys(mine, name)

    def _order_in_batch(self, event: ModelEvent) -> tuple[int, int, int]:
        kinds = ["merged", "split", "created", "returned", "joined", "withdrawn"]
        entered, left = (
            self.given.index(one) if one else -1 for one in (event.entered, event.left)
        )
        return kinds.index(event.kind), entered, left

    def _kind(
        self,
        origin: str | None,
        to: str | None,
        moved_on: dict[str, str],
        known: set[str],
        split_into: set[str | None],
    ) -> str:
        if to is None:
            return "withdrawn"
        if origin:
            return "merged" if moved_on.get(origin) == to else "split"
        if to not in known:
            return "joined" if to in split_into else "created"
        return "joined" if self.living(to) else "returned"

    def same(self, one: Record, other: Record) -> None:
        self._must_agree(one, other, same=True)
        ids = sorted({self.places[one], self.places[other]}, key=self._age)
        said = (one, other, True)
        if len(ids) == 1:
            return self._do([ModelEvent("overridden", None, None, [], self.acts + 1, said=said)])
        keeper, merged = ids
        moved = self.records_of(merged)
        self._must_hold({**self.places, **dict.fromkeys(moved, keeper)})
        self._do([ModelEvent("overridden", merged, keeper, moved, self.acts + 1, said=said)])

    def apart(
        self, one: Record, other: Record, going: list[Record], ask: Callable[[Record], str]
    ) -> None:
        self._must_agree(one, other, same=False)
        entity, said = self.places[one], (one, other, False)
        if one in going or any(self.places.get(each) != self.places[other] for each in going):
            raise Refused("nonsense")
        if entity != self.places[other]:
            event = ModelEvent("overridden", None, None, [], self.acts + 1, None, True, said)
            return self._do([event])
        whole = self.records_of(entity)
        part = [each for each in whole if each in self._tied(other) or each in going]
        rest = [each for each in whole if each not in part]
        order = list(self.places)
        moved = min(part, rest, key=lambda some: (len(some), -order.index(some[0])))
        self._must_hold({**self.places, **dict.fromkeys(moved, NEW)})
        name = ask(moved[0])
        assert name not in self.given
        self.given.append(name)
        self._do([ModelEvent("overridden", entity, name, moved, self.acts + 1, None, True, said)])

    def _must_hold(self, places: dict[Record, str | None]) -> None:
        if broken := self.broken(places):
            raise Refused("broken", broken)

    def _must_agree(self, one: Record, other: Record, same: bool, without: int = -1) -> None:
        if one == other:
            raise Refused("nonsense")
        ones, others = self._tied(one), self._tied(other)
        against = {
            number
            for number, (left, right, alike) in self.said().items()
            if alike != same
            and ((left in ones and right in others) or (left in others and right in ones))
        }
        if against and (same or ones == others):
            raise Refused("broken", against)

    def _tied(self, record: Record) -> set[Record]:
        found = {record}
        pairs = [(one, other) for one, other, same in self.said().values() if same]
        for _ in pairs:
            found |= {one for pair in pairs if found & set(pair) for one in pair}
        return found

    # Undoing.

    def undo(self, wanted: list[int]) -> None:
        """Undo events together; an undoing is restored, a restoring is undone as its event."""
        targets = {e if self.events[e].kind != "restored" else self.events[e].base for e in wanted}
        bases = [self._base(target) for target in targets]
        if len(set(bases)) < len(bases):
            raise Refused("nonsense")
        for target in targets:
            undoer = self.undone_by.get(self._base(target))
            if undoer != (target if self._undoes(target) else None):
                raise Refused("nonsense")
        later = set().union(*(self._later(target, targets) for target in targets))
        if later:
            raise Refused("depends", later)
        moved = [record for target in targets for record in self.events[target].records]
        if len(set(moved)) < len(moved):
            raise Refused("nonsense")
        self._must_allow(targets)
        self._do([self._opposite(target) for target in sorted(targets)])

    def _undoes(self, event: int) -> bool:
        return self.events[event].kind == "undone"

    def _base(self, event: int) -> int:
        base = self.events[event].base
        return event if base is None else base

    def _later(self, target: int, targets: set[int]) -> set[int]:
        event, later = self.events[target], set()
        for record in event.records:
            stack = self.stacks[record]
            if not self._undoes(target):
                later |= set(stack[stack.index(target) + 1 :])
                continue
            then = self.left_by_undo[target, record]
            if then and then[-1] not in stack:
                later.add(self.undone_by[then[-1]])
            else:
                later |= set(stack[stack.index(then[-1]) + 1 :] if then else stack)
        for entity, birth in self.born.items():
            if birth == target and not self._undoes(target):
                tops = {self.stacks[record][-1] for record in self.records_of(entity)}
                later |= tops - targets
        if event.left in self.heirs and self.ended[event.left] != event.act:
            later |= {
                number
                for number, other in enumerate(self.events)
                if other.act == self.ended[event.left]
                and other.left == event.left
                and other.entered
                and number not in self.undone_by
            }
        return later

    def _must_allow(self, targets: set[int]) -> None:
        places = dict(self.places)
        for target in targets:
            places |= dict.fromkeys(self.events[target].records, self.events[target].left)
        undone = {target for target in targets if not self._undoes(target)}
        if broken := self.broken(places, undone):
            raise Refused("broken", broken)
        restored = sorted(
            base for base in (self._base(t) for t in targets - undone) if self.events[base].said
        )
        before = dict(self.undone_by)
        try:
            self.undone_by |= dict.fromkeys(undone, -1)
            for base in restored:
                one, other, same = self.events[base].said
                self._must_agree(one, other, same)
                del self.undone_by[base]
                if broken := self.broken(places) & {base}:
                    raise Refused("broken", broken)
        finally:
            self.undone_by = before

    def _opposite(self, target: int) -> ModelEvent:
        event, base = self.events[target], self._base(target)
        original = self.events[base]
        if self._undoes(target):
            kind, apart = "restored", original.apart
        else:
            kind = "undone"
            apart = not (original.apart and self.born.get(original.entered) == base)
        return ModelEvent(
            kind, event.entered, event.left, event.records, self.acts + 1, base, apart
        )

    # What an act's events do.

    def _do(self, events: list[ModelEvent]) -> None:
        self.acts += 1
        for event in events:
            number = len(self.events)
            self.events.append(event)
            self._count_undoing(event, number)
            for record in event.records:
                self.places[record] = event.entered
                self.last_left[record] = event.left
                self._restack(event, number, record)
            if event.entered:
                self.born.setdefault(event.entered, number)
        self._redirect(events)

    def _count_undoing(self, event: ModelEvent, number: int) -> None:
        if event.kind == "undone":
            self.undone_by[event.base] = number
        if event.kind == "restored":
            del self.undone_by[event.base]

    def _restack(self, event: ModelEvent, number: int, record: Record) -> None:
        stack = self.stacks[record]
        if event.kind == "undone":
            assert stack.pop() == event.base
            self.left_by_undo[number, record] = list(stack)
        else:
            stack.append(event.base if event.kind == "restored" else number)

    def _redirect(self, events: list[ModelEvent]) -> None:
        for event in events:
            if event.records and event.entered:
                self.heirs.pop(event.entered, None)
                self.ended.pop(event.entered, None)
        for entity in {event.left for event in events if event.left and event.records}:
            mine = [event for event in events if event.left == entity and event.entered]
            if self.living(entity) or all(event.apart for event in mine):
                continue
            mine.sort(key=lambda event: -len(event.records))
            self.heirs[entity] = [event.entered for event in mine]
            first = mine[0]
            acts_as = self.events[first.base] if first.kind == "restored" else first
            self.ended[entity] = acts_as.act
