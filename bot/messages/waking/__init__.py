"""What is said to wake people, and when Slack or the host was gone."""
