"""`python -m bot` is the `watchbill` command."""

from bot.cli import main

if __name__ == "__main__":
    main()
