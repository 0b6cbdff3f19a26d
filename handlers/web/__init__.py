"""What comes in over HTTP: health now; pages and webhooks later."""
