"""A message file that cannot be read to its end is not delivered in part."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from heloscope.session import Session, Stepper
from heloscope.session.events import CLIENT
from heloscope.session.procedures.content import PART, FileContent
from support.counting_server import CountingServer
from support.servers import serving

LINE = b"a line of the letter, as long as it is\r\n"


class Changing(FileContent):
    """A file that changes after its first part has been read."""

    def __init__(self, path: Path, change: str) -> None:
        super().__init__(path)
        self.change = change
        self.armed = False

    def parts(self):  # type: ignore[no-untyped-def]
        for number, part in enumerate(super().parts()):
            if self.armed and number == 0:
                if self.change == "cut":
                    with self._path.open("r+b") as file:
                        file.truncate(PART + 100)
                elif self.change == "replaced":
                    other = self._path.with_suffix(".new")
                    other.write_bytes(b"another letter\r\n" * 100_000)
                    other.replace(self._path)
                else:
                    self._path.unlink()
            yield part


@pytest.mark.parametrize("change", ["cut", "replaced", "removed"])
@pytest.mark.parametrize("chunking", [False, True])
async def test_a_file_that_changes_while_it_is_sent_is_an_error(
    tmp_path: Path, change: str, chunking: bool
):
    path = tmp_path / "letter.eml"
    path.write_bytes(LINE * (4 * PART // len(LINE)))
    server = CountingServer("PIPELINING", "SIZE", "CHUNKING")
    async with serving(server) as port:
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        content = Changing(path, change)
        assert content.size is not None
        content.armed = True
        with pytest.raises(OSError, match=r"letter\.eml"):
            await session.sendmail("a@b.example", ["c@d.example"], content, chunking=chunking)
        assert session.connected == chunking
        if chunking:  # what was sent is known to be a part, and is reset
            await session.sendmail("a@b.example", ["e@f.example"], b"whole\r\n", chunking=True)
            assert server.queued == [("a@b.example", ("e@f.example",), b"whole\r\n")]
        else:
            await asyncio.sleep(0)
            assert server.queued == []
        await session.close()


async def test_stepping_through_it_ends_with_the_error_and_without_a_dot(tmp_path: Path):
    path = tmp_path / "letter.eml"
    path.write_bytes(LINE * (4 * PART // len(LINE)))
    server = CountingServer()
    async with serving(server) as port:
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        content = Changing(path, "cut")
        content.armed = True
        stepper = Stepper(session, "sendmail", "a@b.example", ["c@d.example"], content)
        with pytest.raises(OSError, match=r"letter\.eml"):
            await stepper.run_to()
            stepper.result  # noqa: B018 (raises what ended the procedure)
        assert not session.connected
        assert server.queued == []
        assert not session.transcript.joined(CLIENT).endswith(b"\r\n.\r\n")
