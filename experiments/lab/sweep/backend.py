"""Where the runs of a sweep are carried out: joblib's backends, on this machine or a cluster."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import BrokenProcessPool

from experiments.lab.config.errors import InputError
from experiments.lab.processes.owner import end_with

BACKENDS = ("loky", "sequential", "threading", "dask", "ray")

Each = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]
"""Applies a function to each thing, and gives what comes of it as it comes."""


class WorkersDied(Exception):
    """A worker was killed; what was not finished is not known to be at fault."""


@contextmanager
def backend(name: str, jobs: int, scheduler: str | None) -> Iterator[Each]:
    """What applies a function to many things on a backend. `scheduler` is the address of a cluster that is there.

    Raises `InputError` for a name that is none, and for an extra that is not installed.
    """
    if name not in BACKENDS:
        raise InputError(f"--backend {name}: is not one of {', '.join(BACKENDS)}")
    if jobs == 0:
        raise InputError("--jobs 0: nothing would run; give 1 or more, or -1 for every core")
    if scheduler is not None and name not in CLUSTERS:
        raise InputError(f"--scheduler {scheduler}: is for a cluster; name its kind with --backend dask or ray")
    with place_of(name, jobs, scheduler), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "[0-9]+ tasks which were still being processed")  # when interrupted
        yield EACH.get(name, each)


def place_of(name: str, jobs: int, scheduler: str | None) -> Any:
    """Where the work is done: a context within which joblib sends it there."""
    if name in CLUSTERS:
        return CLUSTERS[name](jobs, scheduler)
    return parallel_config(name, n_jobs=jobs)


def each(
    work: Callable[[Any], Any], things: Sequence[Any], return_as: str = "generator_unordered"
) -> Iterator[Any]:
    """What `work` makes of each thing. Raises `WorkersDied`."""
    try:
        yield from Parallel(return_as=return_as, batch_size=1)(delayed(work)(thing) for thing in things)
    except BrokenProcessPool as error:
        raise WorkersDied(first_line(error)) from None
    except Exception as error:
        if type(error).__name__ in ("KilledWorker", "WorkerCrashedError"):  # dask's and ray's
            raise WorkersDied(first_line(error)) from None
        raise


def each_in_workers(work: Callable[[Any], Any], things: Sequence[Any]) -> Iterator[Any]:
    """The same in processes of this one, which end with it."""
    return each(partial(end_with, os.getpid(), work), things)


EACH: dict[str, Each] = {"loky": each_in_workers, "ray": partial(each, return_as="list")}


def first_line(error: Exception) -> str:
    """The gist of a message of many lines."""
    return str(error).strip().partition("\n")[0]


@contextmanager
def dask(jobs: int, scheduler: str | None) -> Iterator[None]:
    """A dask cluster: the one at `scheduler`, or one of `jobs` processes for this sweep alone."""
    try:
        from dask import distributed
    except ImportError:
        raise InputError("--backend dask: dask is not installed; pip install 'et-testbed[dask]'") from None
    place: Any = nullcontext(scheduler)
    if not scheduler:
        place = own_cluster(distributed, jobs)
    with place as cluster, client_of(distributed, cluster), parallel_config("dask"):
        yield


def own_cluster(distributed: Any, jobs: int) -> Any:
    """A dask cluster of processes on this machine."""
    return distributed.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None)


def client_of(distributed: Any, cluster: Any) -> Any:
    """A client of a cluster or an address. Raises `InputError` where no scheduler answers."""
    try:
        return distributed.Client(cluster, timeout=5)
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {cluster}: no dask scheduler answers there: {first_line(error)}") from None


@contextmanager
def ray(jobs: int, scheduler: str | None) -> Iterator[None]:
    """A ray cluster: the one at `scheduler`, or one of `jobs` processes for this sweep alone."""
    try:
        import ray as cluster
        from ray.util.joblib import register_ray
    except ImportError:
        raise InputError("--backend ray: ray is not installed; pip install 'et-testbed[ray]'") from None
    options: dict[str, Any] = {"num_cpus": jobs}
    if scheduler is not None:
        options = {"address": scheduler}
        jobs = -1  # all that the cluster has
    cluster.init(include_dashboard=False, log_to_driver=False, **options)
    try:
        register_ray()
        with parallel_config("ray", n_jobs=jobs):
            yield
    finally:
        cluster.shutdown()


CLUSTERS = {"dask": dask, "ray": ray}
