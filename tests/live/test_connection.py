"""core.live.connection: what is asked is answered in turn, what is overtaken is not, nonsense closes it."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
import torch

from benchmarks.hostile_files.messages import MALFORMED
from core.live.allowance import Rates
from core.live.instrument import Answer, Instrument
from core.live.request import MalformedMessage
from core.message import pack
from tests.live.tabs import INSTRUMENTS, SETTINGS, Tab, question, run


def test_a_question_is_answered_with_the_settings_that_it_names_and_the_others_where_they_start() -> None:
    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS)
        await tab.connection.take(pack({"line": 2, "keep": "x", "shape": [2, 2]}, [[1, 2, 3, 4]]))
        await tab.connection.take(question(7, 2, twice=True))
        await tab.last(7)
        assert tab.got == [({"line": 2, "number": 7, "last": True, "k": 6, "language": "en"}, [1, 2, 3, 4])]

    run(scene)


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"k": 100}, "k must be from 0 to 99, not 100"),
        ({"k": 10**400}, "k must be from 0 to 99"),
        ({"k": 1.5}, "k must be a number, not 1.5"),
        ({"k": True}, "k must be a number, not True"),
        ({"k": [[]]}, "k must be a number, not list"),
        ({"twice": 1}, "twice must be on or off"),
        ({"other": 1}, "reload"),
        ([], "reload"),
        (None, "reload"),
    ],
)
def test_what_cannot_be_set_is_refused_with_a_sentence_and_the_next_question_is_answered(
    settings, sentence
) -> None:
    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS)
        head = {"line": 0, "ask": "double", "language": "en"}
        await tab.connection.take(pack(head | {"number": 1, "settings": settings}, ()))
        await tab.last(1)
        assert sentence in tab.got[0][0]["refusal"]
        await tab.connection.take(question(2))
        await tab.last(2)
        assert tab.got[1][0]["k"] == 3

    run(scene)


def test_a_refusal_is_in_the_language_of_the_tab_and_a_failure_tells_nothing_of_the_server() -> None:
    def fail(_ask):
        raise RuntimeError("/secret/path")

    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS | {"fail": Instrument("fail", SETTINGS, fail)})
        for number, name, settings in ((1, "double", {"k": -1}), (2, "fail", {})):
            head = {"line": 0, "ask": name, "number": number, "language": "zh", "settings": settings}
            await tab.connection.take(pack(head, ()))
            await tab.last(number)
        refusals = [header["refusal"] for header, _ in tab.got]
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in refusal) for refusal in refusals), refusals
        assert "secret" not in refusals[1]

    run(scene)


def test_of_what_is_asked_while_an_answer_is_computed_only_the_newest_is_computed() -> None:
    go, computed = threading.Event(), []

    def slow(ask) -> Answer:
        computed.append(ask.settings["k"])
        go.wait(30)
        return Answer({})

    async def scene(work) -> None:
        tab = Tab(work, {"slow": Instrument("slow", SETTINGS, slow)})
        for number in range(1, 30):
            await tab.connection.take(question(number, ask="slow", k=number))
            while not computed:
                await asyncio.sleep(0.001)
        go.set()
        await tab.last(29)
        assert computed == [1, 29]

    run(scene)


def test_an_instrument_that_is_imported_for_the_first_time_holds_up_no_other_tab() -> None:
    imported = threading.Event()

    class Slow(dict[str, Instrument]):
        def __getitem__(self, name: str) -> Instrument:
            imported.wait(60)
            return super().__getitem__(name)

    async def scene(work) -> None:
        others = [Tab(work, Slow({name: INSTRUMENTS["double"]}), owner=name) for name in "abc"]
        for other, name in zip(others, "abc", strict=True):
            await other.connection.take(question(1, ask=name))
        tab = Tab(work, INSTRUMENTS)
        await tab.connection.take(question(1, k=5))
        await tab.last(1)
        assert [other.got for other in others] == [[], [], []]
        imported.set()
        for other in others:
            await other.last(1)

    run(scene)


def test_a_stream_comes_in_parts_and_ends_where_a_newer_question_is() -> None:
    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS)
        await tab.connection.take(question(1, ask="count", k=3))
        await tab.last(1)
        assert [header.get("n") for header, _ in tab.got] == [0, 1, 2, None]
        await tab.connection.take(question(2, ask="count", k=99))
        await tab.until(lambda: len(tab.got) > 6)
        await tab.connection.take(question(3, ask="count", k=1))
        await tab.last(3)
        numbers = [header["number"] for header, _ in tab.got]
        assert numbers == sorted(numbers)
        assert numbers.count(2) < 99

    run(scene)


def test_what_is_under_way_ends_when_the_drawing_or_the_tab_leaves() -> None:
    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS)
        for line in (0, 1):
            await tab.connection.take(question(1, line, ask="count", k=99))
        await tab.until(lambda: {header["line"] for header, _ in tab.got} == {0, 1})
        await tab.connection.take(pack({"line": 0, "leave": True}, ()))
        tab.connection.close()
        await asyncio.sleep(0.02)
        before = len(tab.got)
        await asyncio.sleep(0.05)
        assert len(tab.got) == before

    run(scene)


def test_gradients_are_off_unless_the_instrument_asks_for_them() -> None:
    def answer(_ask) -> Answer:
        return Answer({"grad": torch.is_grad_enabled()})

    async def scene(work) -> None:
        tab = Tab(
            work, {name: Instrument(name, SETTINGS, answer, gradients=name == "on") for name in ("on", "off")}
        )
        for number, name in ((1, "on"), (2, "off"), (3, "on")):
            await tab.connection.take(question(number, ask=name))
            await tab.last(number)
        assert [header["grad"] for header, _ in tab.got] == [True, False, True]

    run(scene, threads=1)


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_message_closes_the_connection_at_once(name: str) -> None:
    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS)
        begun = time.process_time()
        with pytest.raises(MalformedMessage):
            await tab.connection.take(MALFORMED[name])
        assert time.process_time() - begun < 1 and not tab.got

    run(scene)


def test_a_drawing_may_not_leave_any_number_of_tensors() -> None:
    async def scene(work) -> None:
        tab = Tab(work, INSTRUMENTS)
        with pytest.raises(MalformedMessage, match="too many"):
            for n in range(100):
                await tab.connection.take(pack({"line": 0, "keep": f"x{n}", "shape": [1]}, [[1.0]]))

    run(scene)


def test_a_flood_waits_and_who_asks_a_little_beside_it_does_not() -> None:
    """Time is counted, not measured: the flood needs the seconds that its allowance says."""

    async def scene(work) -> None:
        flood = Tab(work, INSTRUMENTS, Rates(requests=1000, size=1e9, seconds=1e9), "flood")
        other = Tab(work, INSTRUMENTS, owner="other")

        async def pour() -> None:
            for number in range(10_000):
                await flood.connection.take(question(number))

        pouring = asyncio.create_task(pour())
        begun = asyncio.get_running_loop().time()
        for number in range(1, 20):
            await other.connection.take(question(number))
            await other.last(number)
        took = asyncio.get_running_loop().time() - begun
        assert not pouring.done()
        assert flood.connection.allowance.requests.level < 2000
        pouring.cancel()
        assert len(other.got) == 19 and took < 8  # the flood would need eight

    run(scene)
