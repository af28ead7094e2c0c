"""The data sets: what is loaded is what was published, and what is damaged or missing is said."""

from __future__ import annotations

import gzip
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from torchvision.datasets import MNIST

from core import datasets
from core.errors import Refusal


@pytest.fixture(scope="module")
def copy(mnist_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of our own with MNIST's four compressed files."""
    root = tmp_path_factory.mktemp("data")
    folder = datasets.raw_folder(root)
    folder.mkdir(parents=True)
    for name in datasets.CONTENT:
        source = datasets.raw_folder(mnist_folder) / f"{name}.gz"
        if not source.exists():
            pytest.skip("MNIST is there, but not as the four compressed files")
        shutil.copyfile(source, folder / f"{name}.gz")
    return root


def test_mnist_is_what_torchvision_gives(copy: Path) -> None:
    ours = datasets.load("mnist", copy)
    theirs = MNIST(copy, train=False)
    assert torch.equal(ours.test_images, theirs.data) and torch.equal(ours.test_labels, theirs.targets)
    assert ours.train_images.shape == (60000, 28, 28) and ours.train_images.dtype == torch.uint8
    assert ours.train_labels.shape == (60000,) and ours.train_labels.dtype == torch.int64
    assert ours.test_labels[:6].tolist() == [7, 2, 1, 0, 4, 1]


def test_compressed_files_in_a_read_only_folder_are_read_and_nothing_is_written(copy: Path, tmp_path: Path) -> None:
    shutil.copytree(copy, tmp_path / "d")
    folder = datasets.raw_folder(tmp_path / "d")
    for name in datasets.CONTENT:
        (folder / name).unlink(missing_ok=True)
    folder.chmod(0o555)
    before = sorted(folder.iterdir())
    try:
        assert len(datasets.load("mnist", tmp_path / "d").test_labels) == 10000
        assert sorted(folder.iterdir()) == before
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize("harm", ["truncated", "flipped", "empty", "not gzip"])
def test_a_damaged_file_is_named(mnist_folder: Path, tmp_path: Path, harm: str) -> None:
    victim = tmp_path / "t10k-labels-idx1-ubyte.gz"
    shutil.copyfile(datasets.raw_folder(mnist_folder) / victim.name, victim)
    assert len(datasets.read_checked(victim)) == 10_008
    content = victim.read_bytes()
    middle = len(content) // 2
    victim.write_bytes(
        {
            "truncated": content[:middle],
            "flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "empty": b"",
            "not gzip": b"<html>404</html>",
        }[harm]
    )
    with pytest.raises(Refusal, match=r"t10k-labels-idx1-ubyte\.gz is damaged"):
        datasets.read_checked(victim)


def test_nothing_is_written_when_one_of_the_files_is_damaged(copy: Path, tmp_path: Path) -> None:
    folder = datasets.raw_folder(tmp_path)
    folder.mkdir(parents=True)
    for name in datasets.CONTENT:
        shutil.copyfile(datasets.raw_folder(copy) / f"{name}.gz", folder / f"{name}.gz")
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(b"half")
    before = sorted(folder.iterdir())
    with pytest.raises(Refusal, match="is damaged"):
        datasets.load("mnist", tmp_path)
    assert sorted(folder.iterdir()) == before


def test_missing_mnist_is_refused_and_the_built_in_digits_are_offered(tmp_path: Path) -> None:
    assert datasets.available(tmp_path) == ("digits",)
    with pytest.raises(Refusal, match="built-in digits"):
        datasets.load("mnist", tmp_path)
    with pytest.raises(Refusal, match="no data set 'fashion'"):
        datasets.load("fashion")


def test_the_built_in_digits_are_framed_as_mnist_is() -> None:
    data = datasets.load("digits")
    images = torch.cat([data.train_images, data.test_images]).numpy()
    assert images.shape == (1797, 28, 28) and images.dtype == np.uint8
    assert len(data.test_labels) == 360 and set(data.train_labels.tolist()) == set(range(10))
    for image in images[::40]:
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        assert max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1 <= 20
        mass = (image.sum(axis=1) @ np.arange(28) / image.sum(), image.sum(axis=0) @ np.arange(28) / image.sum())
        assert all(13.4 <= place <= 14.6 for place in mass)


def test_normalise_is_torchvisions() -> None:
    images = datasets.load("digits").test_images[:3]
    transform = torchvision.transforms.Compose(
        [torchvision.transforms.ToTensor(), torchvision.transforms.Normalize((datasets.MEAN,), (datasets.STD,))]
    )
    expected = torch.stack([transform(image.numpy()) for image in images])
    assert torch.allclose(datasets.normalise(images), expected, atol=1e-6)


@pytest.fixture
def mirror(copy: Path) -> Iterator[str]:
    """A server on this machine that gives MNIST's files."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(datasets.raw_folder(copy)))  # type: ignore[arg-type]

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_download_tells_its_progress_and_gives_the_published_files(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/", mirror])
    told: list[tuple[str, int, int]] = []
    folder = datasets.download(lambda *news: told.append(news), tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.gz" for name in datasets.CONTENT)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2] == datasets.DOWNLOAD_BYTES
    assert datasets.available(tmp_path)[0] == "mnist"


def test_a_failed_download_says_what_was_tried_and_what_to_do_and_leaves_nothing(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/", f"{mirror}nowhere/"])
    with pytest.raises(Refusal) as refused:
        datasets.download(root=tmp_path)
    text = str(refused.value)
    assert "http://127.0.0.1:9/" in text and "nowhere/train-images" in text and "404" in text
    assert str(datasets.raw_folder(tmp_path)) in text and "built-in digits" in text
    assert all(f"{name}.gz" in text for name in datasets.CONTENT)
    assert list(datasets.raw_folder(tmp_path).iterdir()) == []


def test_a_mirror_that_gives_other_contents_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "_read_url", lambda *_arguments: gzip.compress(b"something else"))
    with pytest.raises(Refusal, match="checksum"):
        datasets.download(root=tmp_path)
    assert list(datasets.raw_folder(tmp_path).iterdir()) == []


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Refusal, match="No space left"):
        datasets.write_whole(target, b"new")
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]
