"""What comes in about command, rotas and duty."""
