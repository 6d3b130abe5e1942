"""The teacher against human labels: statistics as pure functions on arrays, each with its interval and n."""
