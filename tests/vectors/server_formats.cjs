// What docs/formats-server.md has, by another hand; check_vectors.cjs runs it.
'use strict';
const {ensure, hex, refuse} = require('./building_blocks.cjs');

const TEXTS = ['id', 'name', 'country', 'listen', 'address'];
const LIMITS = ['calls_at_once', 'streams_at_once', 'per_second'];
const BAD = 'INVALID_ARGUMENT';

// TOML as far as these files go: KEY = 'text', "text" or a number, a table.
function readLine(line, table, values) {
  const match = /^(\w+) = (?:'([^']*)'|"([^"]*)"|([0-9]+))$/.exec(line) ||
    refuse(BAD);
  const [, key, single, double, number] = match;
  const text = single ?? double;
  const known = table === 'limits' ? LIMITS : TEXTS;
  ensure(known.includes(key) && !(key in values), BAD);
  ensure((number === undefined) === (table === ''), BAD);
  values[key] = text ?? number;
}

function readChapterFile(v) {
  const text = hex(v.file).toString();
  const values = {};
  let table = '';
  for (const whole of text.split('\n')) {
    const line = whole.replace(/(^| )#.*$/, '').trim();
    if (line === '[limits]') table = 'limits';
    else if (line !== '') readLine(line, table, values);
  }
  ensure(TEXTS.every((name) => name in values), BAD);
  ensure(/^[a-z2-7]{26}$/.test(values.id), BAD);
  const bytes = Buffer.byteLength(values.name);
  ensure(bytes >= 1 && bytes <= 128, BAD);
  ensure(/^[A-Z]{2}$/.test(values.country), BAD);
  const port = /^[^ ]+:(0|[1-9][0-9]{0,4})$/.exec(values.address);
  ensure(port && Number(port[1]) <= 65535, BAD);
  for (const name of LIMITS) {
    if (!(name in values)) values[name] = '';
    else ensure(Number(values[name]) >= 1 && Number(values[name]) <= 1000000, BAD);
  }
  return values;
}

// The tag and the payload.
function readFrame(bytes) {
  ensure(bytes.length >= 5, 'UNAVAILABLE');
  const size = bytes.readUInt32BE(1);
  ensure(size <= 4096, BAD);
  ensure(bytes.length >= 5 + size, 'UNAVAILABLE');
  return [bytes[0], bytes.subarray(5, 5 + size)];
}

function readRequest(v) {
  const [kind, payload] = readFrame(hex(v.request));
  ensure([1, 2, 3, 4, 6].includes(kind), BAD);
  return {kind: String(kind), payload: payload.toString('hex')};
}

function readAnswer(v) {
  const [exit, payload] = readFrame(hex(v.answer));
  const [message, ...hint] = payload.toString().split('\n');
  return {exit: String(exit), message, hint: hint.join('\n')};
}

module.exports = {'chapter-file': readChapterFile, 'control-request': readRequest,
  'control-answer': readAnswer};
