"""A local Slack, for laptops and tests: no account, no network."""
