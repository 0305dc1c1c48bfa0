"""An outlook reaches nothing but numbers that are public."""

import gc
from types import BuiltinFunctionType, FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain.rewards import AR1, Constant, Lognormal, MevBoost, PaymentReplay, RewardPath, Uniform
from chain.rewards.process import RewardRun

CODE = (type, FunctionType, BuiltinFunctionType, ModuleType, MemberDescriptorType, GetSetDescriptorType)
SEED = 20


def replay(folder, gwei):
    file = folder / f"{len(list(folder.iterdir()))}.parquet"
    pq.write_table(pa.table({"payment_gwei": gwei}), file)
    return PaymentReplay(file)


@pytest.fixture
def processes(tmp_path):
    return [
        Constant(0.1),
        Uniform(0.1, 0.2),
        Lognormal(0.1, 0.9),
        AR1(0.1, 0.9, 0.2),
        MevBoost(),
        replay(tmp_path, np.random.default_rng(0).integers(0, 10**9, 9000)),
    ]


def reached(root):
    """Everything that can be reached from `root` without going through code."""
    found, waiting = {}, [root]
    while waiting:
        thing = waiting.pop()
        if id(thing) not in found and not isinstance(thing, CODE):
            found[id(thing)] = thing
            waiting.extend(gc.get_referents(thing))
            waiting.extend(getattr(thing, name) for name in getattr(type(thing), "__dataclass_fields__", ()))
    return list(found.values())


def test_an_outlook_holds_no_path_no_generator_no_array(processes):
    for process in processes:
        path = RewardPath(process, np.random.default_rng(SEED))
        for _ in range(10):
            path.advance()
        outlook = path.outlook()
        outlook.expected_surplus(20, 1e7)
        hidden = (RewardPath, RewardRun, PaymentReplay, np.random.Generator, np.ndarray, list)
        assert not [thing for thing in reached(outlook) if isinstance(thing, hidden)]


def test_an_outlook_cannot_be_changed(processes):
    for process in processes:
        outlook = RewardPath(process, np.random.default_rng(SEED)).outlook()
        assert not hasattr(outlook, "__dict__")
        with pytest.raises(AttributeError):
            outlook.block = 3


def test_the_next_reward_is_not_to_be_found(processes):
    for process in processes[1:]:
        path = RewardPath(process, np.random.default_rng(SEED))
        for _ in range(10):
            path.advance()
        outlook = path.outlook()
        assert path.advance() not in [thing for thing in reached(outlook) if isinstance(thing, int | float)]


@pytest.mark.parametrize("block", [-1, 0, 3, 1500, 4095, 4096])
def test_files_that_differ_only_later_give_equal_outlooks(tmp_path, block):
    gwei = np.random.default_rng(1).integers(0, 10**9, 6000)
    changed, cut = gwei.copy(), gwei[: block + 2]
    changed[block + 1 :] = 777
    outlooks = []
    for payments in (gwei, changed, cut):
        path = RewardPath(replay(tmp_path, payments), np.random.default_rng(0))
        for _ in range(block + 1):
            path.advance()
        outlooks.append(path.outlook())
    assert outlooks[0] == outlooks[1] == outlooks[2]
    expected = {outlook.expected_surplus(block + 1, 1e8) for outlook in outlooks}
    assert len(expected) == 1
