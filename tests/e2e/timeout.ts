// Real engines and clusters take their time; a test that hangs still ends.
jest.setTimeout(10 * 60_000);
