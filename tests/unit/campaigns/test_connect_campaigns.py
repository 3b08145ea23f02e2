from campaigns.connect_campaigns import CONFIG


def test_a_call_fits_into_the_time_that_is_kept_for_it() -> None:
    """Two seconds to connect and six to answer, once: within the call timeout, nine seconds."""
    options = vars(CONFIG)
    assert (options["connect_timeout"], options["read_timeout"]) == (2, 6)
    assert options["retries"] == {"mode": "standard", "total_max_attempts": 1}
