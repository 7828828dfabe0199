// Asks recovery-codes whether a code lets a user in, for a web back end in Node.js (18.3 or later).
"use strict";

const { execFile } = require("node:child_process");
const net = require("node:net");

const DOOR = "/run/recovery-codes/door";
const LONGEST_CODE = 1024;
const LONGEST_ANSWER = 65536;

/**
 * Uses the code up. Only the kind "yes" lets in; the promise is never rejected. Resolves to one of
 *   { kind: "yes", user, remaining, low }    user is the name, also where an address was given
 *   { kind: "no" }
 *   { kind: "wait", seconds }                null: until an administrator helps
 *   { kind: "malformed", message }           for whoever typed it
 *   { kind: "unavailable", message }         for the log
 * With `options.program` it starts that each time, else it asks at `options.socket`.
 */
async function verify(user, code, from, options = {}) {
  const { socket = DOOR, program, timeout = 10 } = options;
  try {
    if (Buffer.byteLength(code) > LONGEST_CODE) {
      return { kind: "malformed", message: "this is far too long for a code" };
    }
    if (program) {
      return await start(program, timeout, user, code, from);
    }
    const answer = parse(await ask(socket, timeout, user, code, from));
    return readAnswer(answer.exit, answer, answer);
  } catch (error) {
    // Its text may repeat what was said, its code does not.
    return unavailable(`it cannot be asked: ${error.code ?? error.name}`);
  }
}

function ask(path, timeout, user, code, from) {
  return new Promise((resolve, reject) => {
    let line = "";
    const door = net.createConnection({ path });
    const timer = setTimeout(() => door.destroy(tooLong()), timeout * 1000);
    door.setEncoding("utf8");
    door.on("connect", () => {
      const request = { word: "verify", user, code, from: from || undefined };
      door.write(`${JSON.stringify(request)}\n`);
    });
    door.on("data", (part) => {
      line += part;
      const isTooLong = line.length > LONGEST_ANSWER;
      if (line.endsWith("\n") && !isTooLong) resolve(line);
      if (line.endsWith("\n") || isTooLong) door.destroy();
    });
    door.on("error", reject);
    door.on("close", () => {
      clearTimeout(timer);
      reject(Object.assign(new Error(), { code: "an unfinished line" }));
    });
  });
}

function start(program, timeout, user, code, from) {
  const args = ["--json", "verify", ...(from ? [`--from=${from}`] : []), "--", user];
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin" };
  const end = { timeout: timeout * 1000, killSignal: "SIGKILL", maxBuffer: LONGEST_ANSWER };
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { cwd: "/", env, ...end }, (failure, out, err) => {
      if (failure?.killed && !failure.code) return reject(tooLong());
      if (failure && !Number.isInteger(failure.code)) return reject(failure);
      resolve(readAnswer(failure ? failure.code : 0, parse(out), parse(err)));
    });
    child.stdin.on("error", () => {}); // it may end before it has read
    child.stdin.end(code);
  });
}

// An empty object where something else was said.
function parse(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

// Status and document must say the same; whatever is not clear is "unavailable".
function readAnswer(exit, document, trouble) {
  const { accepted, user, remaining, low } = document;
  const error = Object(trouble.error);
  const isNo = accepted === false;
  if (accepted === true && exit === 0) return { kind: "yes", user, remaining, low };
  if (isNo && error.kind === "malformed_code") return { kind: "malformed", message: error.message };
  if (isNo && exit === 1) return { kind: "no" };
  if (isNo && exit === 5) return { kind: "wait", seconds: document.retry_after ?? null };
  return unavailable(error.message ?? `no answer, exit status ${exit}`);
}

const unavailable = (message) => ({ kind: "unavailable", message });
const tooLong = () =>
  Object.assign(new Error(), { code: "it took too long, and the code may be used up" });

module.exports = { verify };

async function main() {
  const { parseArgs } = require("node:util");
  const text = { type: "string" };
  const { values, positionals } = parseArgs({
    options: { socket: text, program: text, timeout: text, from: text },
    allowPositionals: true,
  });
  const code = require("node:fs").readFileSync(0, "utf8");
  const options = { ...values, timeout: Number(values.timeout ?? 10) };
  const answer = await verify(positionals[0], code, values.from, options);
  const low = answer.low ? " low" : "";
  const said = { yes: `yes ${answer.remaining}${low}`, wait: `wait ${answer.seconds ?? "none"}` };
  console.log(said[answer.kind] ?? answer.kind);
  if (answer.message) console.error(answer.message);
  process.exitCode = answer.kind === "yes" ? 0 : 1;
}

if (require.main === module) main();
