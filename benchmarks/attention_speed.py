"""How fast is our attention beside PyTorch's?   python benchmarks/attention_speed.py

Needs PyTorch to compare with: pip install torch==2.13.0 (the app itself does not need it). About a minute.

Everything is float64 on one thread, and PyTorch is called as it comes, not in its inference mode. The contenders take
turns within each round, and what is printed is the median over the rounds of their ratio, so that a machine that slows
down for a while slows all of them.
"""

import os

# Read by the libraries when they are loaded, so it has to be said first.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import gc
import math
import statistics
import sys
import tracemalloc
from pathlib import Path
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attention_core.attention import scaled_dot_product_attention

try:
    import torch
except ImportError:
    sys.exit("This compares with PyTorch, which is not installed here. To install it: pip install torch==2.13.0")

FEW_WORDS, MANY_WORDS = (2, 4, 6, 8), (64, 128, 256, 512, 1024, 2048, 4096)
FEW_NUMBERS, MANY_NUMBERS = 4, 64  # in a query, key or value
TARGETS = {"few, fused": 1.3, "few, plain": 0.6, "many, plain": 1.0}
SECONDS_PER_SIZE = 4.0


def plain_torch(q, k, v):
    """The three lines of the formula, which keep the weights as ours do. The fused function keeps none."""
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    weights = torch.softmax(scores, dim=-1)
    return weights @ v


def bare_numpy(q, k, v):
    """The formula's operations with no checks and nothing kept: what NumPy itself costs."""
    scores = np.matmul(q, k.swapaxes(-1, -2))
    scores = np.multiply(scores, 1 / math.sqrt(q.shape[-1]))
    weights = np.exp(np.subtract(scores, np.maximum.reduce(scores, -1, keepdims=True)))
    weights = np.divide(weights, np.add.reduce(weights, -1, keepdims=True))
    return np.matmul(weights, v)


def contenders(shape):
    """Each on its own library's arrays of the same numbers."""
    arrays = [np.random.default_rng(seed).normal(size=shape) for seed in range(3)]
    tensors = [torch.from_numpy(array.copy()) for array in arrays]
    found = {
        "ours": lambda: scaled_dot_product_attention(*arrays),
        "bare": lambda: bare_numpy(*arrays),
        "fused": lambda: torch.nn.functional.scaled_dot_product_attention(*tensors),
        "plain": lambda: plain_torch(*tensors),
    }
    contexts = [found["ours"]().context, found["bare"](), found["fused"]().numpy(), found["plain"]().numpy()]
    for context in contexts[1:]:
        np.testing.assert_allclose(context, contexts[0], rtol=1e-9, atol=1e-12)
    return found


def seconds(call, times):
    start = perf_counter()
    for _ in range(times):
        call()
    return (perf_counter() - start) / times


def measure(shape):
    """-> the median time of each contender in seconds, and for each pair the median over the rounds of its ratio"""
    found = contenders(shape)
    for call in found.values():  # a first call pays for what later ones find ready
        seconds(call, 3)
    slowest = max(seconds(call, 3) for call in found.values())
    times = max(1, round(0.002 / slowest))
    rounds = min(400, max(7, round(SECONDS_PER_SIZE / (slowest * times * len(found)))))
    names, taken = list(found), {name: [] for name in found}
    gc.disable()
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            taken[name].append(seconds(found[name], times))
    gc.enable()
    ratios = {
        (one, other): statistics.median(a / b for a, b in zip(taken[one], taken[other], strict=True))
        for one in names
        for other in names
    }
    return {name: statistics.median(values) for name, values in taken.items()}, ratios


def extra_memory(n):
    """What one call needs at its peak beyond what it gives back, in matrices of n x n numbers."""
    q, k, v = (np.random.default_rng(seed).normal(size=(n, MANY_NUMBERS)) for seed in range(3))
    tracemalloc.start()
    result = scaled_dot_product_attention(q, k, v)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    returned = sum(x.nbytes for x in (result.scores, result.scaled_scores, result.weights, result.context))
    return (peak - returned) / (n * n * q.itemsize)


def verdict(ratio, target):
    return f"{ratio:.2f} | ≤ {target} | {'holds' if ratio <= target else 'does not hold'}"


def main():
    torch.set_num_threads(1)
    print(
        f"NumPy {np.__version__}, PyTorch {torch.__version__}, Python {sys.version.split()[0]}, float64, one thread.\n"
    )
    print("| words | shape | ours, µs | compared with | ours ÷ theirs | target | |")
    print("|---:|---|---:|---|---:|---:|---|")
    bare = []
    shapes = [(n, FEW_NUMBERS) for n in FEW_WORDS] + [(1, n, FEW_NUMBERS) for n in FEW_WORDS]
    for shape in [*shapes, *((n, MANY_NUMBERS) for n in MANY_WORDS)]:
        times, ratios = measure(shape)
        start = f"| {shape[-2]} | {shape} | {times['ours'] * 1e6:,.1f} |"
        if shape[-2] in FEW_WORDS:
            print(start, "fused |", verdict(ratios["ours", "fused"], TARGETS["few, fused"]), "|")
            print(start, "plain |", verdict(ratios["ours", "plain"], TARGETS["few, plain"]), "|")
            bare.append((shape, times["bare"], ratios["bare", "plain"], ratios["ours", "bare"]))
        else:
            print(start, "fused |", f"{ratios['ours', 'fused']:.2f} | | keeps no weights |")
            print(start, "plain |", verdict(ratios["ours", "plain"], TARGETS["many, plain"]), "|")
        sys.stdout.flush()
    print("\nWhat bare NumPy operations cost, which check nothing and keep nothing:\n")
    print("| shape | bare NumPy, µs | bare ÷ plain | ours ÷ bare |")
    print("|---|---:|---:|---:|")
    for shape, time, to_plain, ours_to_bare in bare:
        print(f"| {shape} | {time * 1e6:.1f} | {to_plain:.2f} | {ours_to_bare:.2f} |")
    n = MANY_WORDS[-1]
    print(
        f"\nPeak memory of one call with {n} words beyond what it returns: {extra_memory(n):.2f} matrices of {n}x{n}."
    )


if __name__ == "__main__":
    main()
