"""What is said about command, rotas and duty."""
