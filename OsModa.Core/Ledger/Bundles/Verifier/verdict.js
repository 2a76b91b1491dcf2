// What can come of a check. The words are those of the dashboard and of its command.

class Finding extends Error {
  constructor(result, sentence, at = null) {
    super(sentence);
    this.result = result;
    this.at = at;
  }
}

const malformed = why => new Finding("malformed", `This is no export of a ledger: ${why}.`);
const mismatch = (at, why) => new Finding("content", `Does not verify at entry ${at}: ${why}.`, at);
