"""The last answer is given again for the same arguments, and for no others."""

from __future__ import annotations

from chain.last_answer import last_answer


def test_the_same_question_is_answered_once():
    asked = []

    @last_answer
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(number) for number in (1, 1, 2, 2, 1)] == [2, 2, 4, 4, 2]
    assert asked == [1, 2, 1]


def test_what_is_given_by_name_is_asked_anew():
    @last_answer
    def shares(number: int, of: int = 1) -> float:
        return number / of

    assert [shares(6), shares(6, of=2), shares(6, of=3), shares(6)] == [6, 3, 2, 6]
