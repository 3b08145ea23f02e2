"""What no document answers, asked of a real account: `docs/first-hour.md` has the questions in their order."""
