"""What `make deploy-ci` types, without typing it."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the target."""
    return subprocess.run(
        ["make", "--silent", "deploy-ci", *arguments],  # noqa: S607 - wherever it is
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


def test_it_asks_nothing_and_goes_on_where_nothing_changed() -> None:
    """A question has nobody to answer it."""
    typed = make(
        "--dry-run", "STACK=staging", "PARAMETERS=ProfileDomainName=amazon-connect-a", "ANSWERS=/no/such"
    ).stdout
    assert "--no-confirm-changeset --no-fail-on-empty-changeset" in typed
    assert '--stack-name "staging"' in typed
    assert "--parameter-overrides ProfileDomainName=amazon-connect-a" in typed
    assert "--guided" not in typed
    assert f'--config-file "{ROOT / "samconfig.toml"}"' in typed


def test_it_takes_the_answers_that_make_deploy_kept(tmp_path: Path) -> None:
    """What a person has answered once, a machine repeats."""
    answers = tmp_path / "answers.toml"
    answers.touch()
    typed = make("--dry-run", f"ANSWERS={answers}").stdout
    assert f'--config-file "{answers}"' in typed
    assert "--parameter-overrides" not in typed


def test_without_answers_and_parameters_it_says_what_to_do(tmp_path: Path) -> None:
    """It would deploy whatever the defaults are, after a minute's build."""
    refused = make(f"ANSWERS={tmp_path / 'none.toml'}")
    assert refused.returncode != 0
    assert "nothing says what to deploy" in refused.stderr
    assert "PARAMETERS=" in refused.stderr
