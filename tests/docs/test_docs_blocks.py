"""What README, CONTRIBUTING and docs show is run, block by block, or says why not."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.docs.doc_blocks import BLOCK, DIRECTIVE, KNOWN, MARKERS, PAGES, Block, all_blocks, blocks
from tests.docs.doc_session import Session, agrees, commands
from tests.places import ROOT

BLOCKS = all_blocks()
MOST_NOT_RUN = 12
STARTS = r"\$?et-testbed|python|pip|make|npm|pytest|import|from \w+ import|def|class"
"""How code begins."""

NEED_A_REASON = ("not run", "quick", "needs", "file", "given", "first")


def name_of(page):
    return str(page.relative_to(ROOT))


def run_pages(condition):
    return [page for page in PAGES if any(block.is_run and condition(block) for block in blocks(page))]


def what_it_needs(page):
    """Skips where an extra is not installed."""
    for block in blocks(page):
        for module in block.said("needs"):
            pytest.importorskip(module)


@pytest.fixture
def session(tmp_path, monkeypatch, et_testbed):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ET_TESTBED_WALLETS", str(tmp_path / "wallets"))
    return Session(tmp_path, et_testbed)


@pytest.mark.parametrize("page", run_pages(lambda block: not block.said("slow")), ids=name_of)
def test_a_page_does_what_it_says(session, page):
    what_it_needs(page)
    session.run(blocks(page), shortened=True)


@pytest.mark.slow
@pytest.mark.parametrize("page", run_pages(lambda block: block.said("slow") or block.said("quick")), ids=name_of)
def test_a_page_does_what_it_says_in_full(session, page):
    what_it_needs(page)
    session.run(blocks(page), shortened=False)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_says_what_it_is(page):
    text = page.read_text(encoding="utf-8")
    assert len(re.findall(r"^ *```", text, re.MULTILINE)) == 2 * len(BLOCK.findall(text)), "a block is not seen"
    told = [(str(block), block.language) for block in blocks(page) if not DIRECTIVE.fullmatch(block.language)]
    assert [(place, language) for place, language in told if language not in KNOWN] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_comment_stands_above_a_block(page):
    text = page.read_text(encoding="utf-8")
    comments = re.findall(rf"^<!-- (?:{'|'.join(MARKERS)})\b", text, re.MULTILINE)
    assert len(comments) == sum(len(block.marks) for block in blocks(page))


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_what_is_no_code_looks_like_none(block):
    if block.language == "text":
        assert re.findall(rf"^\s*((?:{STARTS}) .*)", block.code, re.MULTILINE) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_code_is_indented_and_so_unseen(page):
    prose = BLOCK.sub("", page.read_text(encoding="utf-8"))
    assert re.findall(rf"^\n {{4,}}((?:{STARTS}) .*)", prose, re.MULTILINE) == []


def test_what_is_not_run_has_a_reason_and_is_little():
    left = [block for block in BLOCKS if block.said("not run")]
    assert 0 < len(left) <= MOST_NOT_RUN, list(map(str, left))
    bare = [str(block) for block in BLOCKS for name, told in block.marks if name in NEED_A_REASON and not told]
    assert bare == []


def test_blocks_are_seen():
    assert len([block for block in BLOCKS if block.is_run]) > 60
    assert len([block for block in BLOCKS if block.said("output")]) >= 3
    readme = next(block for block in BLOCKS if "class Patient" in block.code and block.page.name == "README.md")
    assert readme.is_run


def shown(code, language="python", *marks):
    return Block(ROOT / "README.md", 1, language, code, marks)


def test_a_block_that_fails_is_told(session):
    with pytest.raises(ZeroDivisionError):
        session.run([shown("1 / 0")], shortened=True)
    with pytest.raises(AssertionError, match="there is no file"):
        session.run([shown("et-testbed check nothing.py:None", "sh")], shortened=True)
    with pytest.raises(AssertionError, match="false"):
        session.run([shown("false | false", "sh")], shortened=True)


def test_output_that_is_stale_is_told(session):
    said = shown("print('41 %')\nprint('42 %')")
    session.run([said, shown("42 %", "text", ("output", ""))], shortened=True)
    with pytest.raises(AssertionError, match="printed"):
        session.run([said, shown("43 %", "text", ("output", ""))], shortened=True)


def test_a_block_is_shortened_for_the_quick_run_alone(session):
    block = shown("print(7200)", "python", ("quick", "7200 -> 20"))
    session.run([block], shortened=True)
    assert session.printed == "20\n"
    session.run([block], shortened=False)
    assert session.printed == "7200\n"


@pytest.mark.parametrize(
    ("told", "printed", "same"),
    [
        ("a  b\nc", "a  b  \n c\n", True),
        ("b", "a b c", True),
        ("a … c", "a b c", True),
        ("a\nc", "a\nb\nc", False),
    ],
)
def test_what_is_shown_is_found_in_what_is_printed(told, printed, same):
    assert agrees(told, printed) is same


def test_commands_of_a_block():
    code = "a --x \\\n  1   # why\n\n# only this\nb && c\n"
    assert [shlex.split(command, comments=True) for command in commands(code)] == [["a", "--x", "1"], ["b"], ["c"]]
