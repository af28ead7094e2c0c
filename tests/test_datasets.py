"""The data sets: what is loaded is what was published, and what is damaged or missing is said."""

from __future__ import annotations

import gzip
import hashlib
import http.server
import shutil
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from sklearn.datasets import load_digits
from streamlit.testing.v1 import AppTest
from torchvision.datasets import MNIST

from core import datasets, mnist_files, mnist_framing
from core.errors import InvalidSetting
from core.settings import PROJECT


@pytest.fixture(scope="module")
def copy(mnist_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of our own with MNIST's four compressed files."""
    root = tmp_path_factory.mktemp("data")
    folder = mnist_files.raw_folder(root)
    folder.mkdir(parents=True)
    for name in mnist_files.FILES:
        source = mnist_files.raw_folder(mnist_folder) / f"{name}.gz"
        if not source.exists():
            pytest.skip("MNIST is there, but not as the four compressed files")
        shutil.copyfile(source, folder / f"{name}.gz")
    return root


def test_mnist_is_what_torchvision_gives(copy: Path) -> None:
    ours = datasets.load("mnist", copy)
    train, test = MNIST(copy, train=True), MNIST(copy, train=False)
    assert torch.equal(ours.train_images, train.data) and torch.equal(ours.train_labels, train.targets)
    assert torch.equal(ours.test_images, test.data) and torch.equal(ours.test_labels, test.targets)
    assert ours.train_images.shape == (60000, 28, 28) and ours.train_images.dtype == torch.uint8
    assert ours.train_labels.shape == (60000,) and ours.train_labels.dtype == torch.int64
    assert ours.test_labels[:6].tolist() == [7, 2, 1, 0, 4, 1]


def test_compressed_files_in_a_read_only_folder_are_read_and_nothing_is_written(copy: Path, tmp_path: Path) -> None:
    shutil.copytree(copy, tmp_path / "d")
    folder = mnist_files.raw_folder(tmp_path / "d")
    for name in mnist_files.FILES:
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
    shutil.copyfile(mnist_files.raw_folder(mnist_folder) / victim.name, victim)
    assert len(mnist_files.content(victim, "t10k-labels-idx1-ubyte").content) == 10_008
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
    reason = {"empty": "is empty", "not gzip": "is a web page"}.get(harm, "is damaged")
    with pytest.raises(InvalidSetting, match=rf"t10k-labels-idx1-ubyte\.gz.* {reason}"):
        mnist_files.content(victim, "t10k-labels-idx1-ubyte")


def test_nothing_is_written_when_one_of_the_files_is_damaged(copy: Path, tmp_path: Path) -> None:
    folder = mnist_files.raw_folder(tmp_path)
    folder.mkdir(parents=True)
    for name in mnist_files.FILES:
        shutil.copyfile(mnist_files.raw_folder(copy) / f"{name}.gz", folder / f"{name}.gz")
    (folder / "t10k-images-idx3-ubyte.gz").write_bytes(b"half")
    before = sorted(folder.iterdir())
    assert mnist_files.damaged(tmp_path) == ["t10k-images-idx3-ubyte"]
    with pytest.raises(InvalidSetting, match="is damaged"):
        datasets.load("mnist", tmp_path)
    assert sorted(folder.iterdir()) == before


def test_missing_mnist_is_refused_and_the_built_in_digits_are_offered(tmp_path: Path) -> None:
    assert datasets.available(tmp_path) == ("digits",)
    with pytest.raises(InvalidSetting, match="built-in digits"):
        datasets.load("mnist", tmp_path)
    with pytest.raises(InvalidSetting, match="no data set 'fashion'"):
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


def test_the_built_in_digits_are_all_that_scikit_learn_gives_in_its_order() -> None:
    ours, theirs = datasets.load("digits"), load_digits()
    assert torch.cat([ours.train_labels, ours.test_labels]).tolist() == theirs.target.tolist()
    images = torch.cat([ours.train_images, ours.test_images]).numpy()
    for image, framed in zip(theirs.images.astype(np.float32)[::20] / 16, images[::20], strict=True):
        box = mnist_framing.ink_box(image, 0.1)
        assert box is not None
        boxed = mnist_framing.scale_into_box(image[box[0] : box[2], box[1] : box[3]])
        assert np.array_equal(np.rint(mnist_framing.place_by_mass(boxed) * 255).astype(np.uint8), framed)


def test_normalise_is_torchvisions() -> None:
    images = datasets.load("digits").test_images[:3]
    transform = torchvision.transforms.Compose(
        [torchvision.transforms.ToTensor(), torchvision.transforms.Normalize((datasets.MEAN,), (datasets.STD,))]
    )
    expected = torch.stack([transform(image.numpy()) for image in images])
    assert torch.allclose(datasets.normalise(images), expected, atol=1e-6)


# --- Other names and places. The files are small ones of our own in MNIST's format, so this needs no MNIST.


def idx(*shape: int) -> bytes:
    """A file in MNIST's format: a magic number, the sizes, the bytes."""
    values = np.arange(int(np.prod(shape))) % 10
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}i", *shape) + values.astype(np.uint8).tobytes()


SMALL = {
    "train-images-idx3-ubyte": idx(20, 28, 28),
    "train-labels-idx1-ubyte": idx(20),
    "t10k-images-idx3-ubyte": idx(10, 28, 28),
    "t10k-labels-idx1-ubyte": idx(10),
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder, empty; the four files of ``SMALL`` count as the published ones."""
    checksums = {
        name: mnist_files.PublishedFile(hashlib.sha256(content).hexdigest(), len(gzip.compress(content)))
        for name, content in SMALL.items()
    }
    monkeypatch.setattr(mnist_files, "FILES", checksums)
    return tmp_path


def write_files(folder: Path, contents: dict[str, bytes] = SMALL) -> str:
    """Write packed files into ``folder``; return it as a mirror's address."""
    folder.mkdir()
    for name, content in contents.items():
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
    return folder.as_uri() + "/"


def put(root: Path, where: str, pack: Callable[[bytes], bytes] = bytes, leave: str = "") -> None:
    """Write the four under ``where`` in ``root``; ``{name}`` stands for the name, ``{dotted}`` for 7-Zip's."""
    for name, content in SMALL.items():
        if name != leave:
            path = root / where.format(name=name, dotted=name.replace("-idx", ".idx"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(pack(content))


@pytest.mark.parametrize(
    "where, pack",
    [
        ("MNIST/raw/{name}", bytes),
        ("MNIST/raw/{name}.gz", gzip.compress),
        ("MNIST/raw/{name}.gz", bytes),  # the browser has unpacked it and kept the name
        ("MNIST/raw/{name}", gzip.compress),
        ("MNIST/raw/{dotted}", bytes),
        ("MNIST/raw/{name}/{name}", bytes),
        ("MNIST/raw/{dotted}/{dotted}", bytes),
        ("MNIST/{name}.gz", gzip.compress),
        ("{name}.gz", gzip.compress),
        ("{dotted}", bytes),
        ("{name}/{name}", bytes),
    ],
)
def test_mnist_is_found_under_the_names_and_in_the_places_that_people_have(
    small: Path, where: str, pack: Callable[[bytes], bytes]
) -> None:
    put(small, where, pack)
    assert mnist_files.missing(small) == mnist_files.damaged(small) == []
    data = datasets.load("mnist", small)
    assert data.test_labels.tolist() == list(range(10)) and data.train_images.shape == (20, 28, 28)
    assert datasets.preferred(small).name == "mnist"


def test_it_is_said_which_of_the_four_is_missing(small: Path) -> None:
    put(small, "{dotted}", leave="t10k-labels-idx1-ubyte")
    assert mnist_files.missing(small) == ["t10k-labels-idx1-ubyte"]
    with pytest.raises(InvalidSetting, match="missing t10k-labels-idx1-ubyte"):
        datasets.load("mnist", small)


def test_a_whole_file_is_used_beside_a_broken_one(small: Path) -> None:
    put(small, "MNIST/raw/{name}", lambda content: content[:-1])
    assert len(mnist_files.damaged(small)) == 4
    put(small, "MNIST/raw/{name}.gz", gzip.compress)
    assert mnist_files.damaged(small) == []
    assert datasets.load("mnist", small).test_labels.tolist() == list(range(10))


def test_a_file_in_the_place_of_another_is_not_taken_for_it(small: Path) -> None:
    put(small, "MNIST/raw/{name}")
    raw = mnist_files.raw_folder(small)
    shutil.copyfile(raw / "train-labels-idx1-ubyte", raw / "t10k-labels-idx1-ubyte")
    assert mnist_files.damaged(small) == ["t10k-labels-idx1-ubyte"]


def test_damaged_files_are_got_again_and_only_those(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(small, "MNIST/raw/{name}")
    raw = mnist_files.raw_folder(small)
    (raw / "t10k-images-idx3-ubyte").write_bytes(b"<!doctype html>404")
    with pytest.raises(InvalidSetting, match="web page"):
        datasets.load("mnist", small)
    assert datasets.preferred(small).name == "digits"  # other pages go on
    monkeypatch.setattr(MNIST, "mirrors", [write_files(small / "mirror")])
    fetched: set[str] = set()
    mnist_files.download(lambda name, _size, _all: fetched.add(name), small)
    assert fetched == {"t10k-images-idx3-ubyte.gz"} and mnist_files.damaged(small) == []
    assert datasets.load("mnist", small).test_images.shape == (10, 28, 28)
    assert datasets.preferred(small).name == "mnist"


@pytest.mark.parametrize("language, label", [("en", "Get the damaged files again"), ("zh", "重新获取损坏的文件")])
def test_the_page_of_the_digits_says_which_file_is_damaged_and_gets_it_again(
    small: Path, monkeypatch: pytest.MonkeyPatch, language: str, label: str
) -> None:
    put(small, "MNIST/raw/{name}")
    (mnist_files.raw_folder(small) / "t10k-images-idx3-ubyte").write_bytes(b"half")
    monkeypatch.setenv("STEPWISE_DATA", str(small))
    monkeypatch.setattr(MNIST, "mirrors", [write_files(small / "mirror")])
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
    app.session_state["lang"] = language
    app.switch_page("pages/digits.py").run()
    assert not app.exception and "t10k-images-idx3-ubyte" in app.warning[0].value.replace("\\", "")
    button = app.button(key="digits_download")
    assert button.label.startswith(label)
    button.click().run()
    assert not app.exception and not app.warning and not app.error
    assert all(each.key != "digits_download" for each in app.button)


# --- Downloading


@pytest.fixture
def mirror(copy: Path) -> Iterator[str]:
    """A server on this machine that gives MNIST's files."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(mnist_files.raw_folder(copy)))  # type: ignore[arg-type]

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
    reports: list[tuple[str, int, int]] = []
    folder = mnist_files.download(lambda *news: reports.append(news), tmp_path)
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{name}.gz" for name in mnist_files.FILES)
    assert [size for _, size, _ in reports] == sorted(size for _, size, _ in reports)
    assert reports[-1][1] == reports[-1][2] == sum(each.packed for each in mnist_files.FILES.values())
    assert datasets.available(tmp_path)[0] == "mnist"


def test_a_failed_download_says_what_was_tried_and_what_to_do_and_leaves_nothing(
    mirror: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/", f"{mirror}nowhere/"])
    with pytest.raises(InvalidSetting) as refused:
        mnist_files.download(root=tmp_path)
    text = str(refused.value)
    assert "http://127.0.0.1:9/" in text and "nowhere/train-images" in text and "404" in text
    assert str(mnist_files.raw_folder(tmp_path)) in text and "built-in digits" in text
    assert all(f"{name}.gz" in text for name in mnist_files.FILES)
    assert list(mnist_files.raw_folder(tmp_path).iterdir()) == []


def test_a_mirror_that_gives_other_contents_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        MNIST, "mirrors", [write_files(tmp_path / "mirror", dict.fromkeys(SMALL, b"something else"))]
    )
    with pytest.raises(InvalidSetting, match="checksum"):
        mnist_files.download(root=tmp_path)
    assert list(mnist_files.raw_folder(tmp_path).iterdir()) == []


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InvalidSetting, match="No space left"):
        mnist_files.write_whole(target, b"new")
    assert target.read_bytes() == b"old" and list(tmp_path.iterdir()) == [target]
