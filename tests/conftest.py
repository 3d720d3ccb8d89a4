"""What every test shares. A conftest here also puts `tests/` on the import path, so that examples such as
`release_example` are written once and used by unit and integration tests."""
