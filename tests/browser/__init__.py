"""A headless Chromium for tests: `fetch` finds or fetches one, `page` opens a file in it and asks about it."""
