// Reads every file of this folder by docs/formats.md, with a libsodium of its
// own (npm's WebAssembly build), sharing no code with crypto/ nor with
// make_vectors.py. NODE_PATH names the folder of modules; exits with 1 when a
// file has another outcome than it names, with 77 when there are no modules.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

class Refused extends Error {}
const refuse = (code) => { throw new Refused(code); };
const ensure = (condition, code) => condition || refuse(code);
const hex = (text) => Buffer.from(text, 'hex');

// Section 1: building blocks.
const integer = (size, n) => {
  const out = Buffer.alloc(size);
  for (let i = 0, rest = BigInt(n); i < size; i++, rest >>= 8n) {
    out[i] = Number(rest & 255n);
  }
  return out;
};
const u8 = (n) => integer(1, n);
const u16 = (n) => integer(2, n);
const u32 = (n) => integer(4, n);
const u64 = (n) => integer(8, n);

const parts = (domain, ...values) =>
  Buffer.concat([Buffer.from(domain), ...values.map((v) => Buffer.from(v))]
    .flatMap((value) => [u32(value.length), value]));

let sodium;
const hash = (key, data, size) =>
  Buffer.from(sodium.crypto_generichash(size, data, key));

const unseal = (key, nonce, boundTo, sealed, code) => {
  try {
    return Buffer.from(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null, sealed, boundTo, nonce, key));
  } catch (error) {
    if (!/cannot be decrypted/.test(error.message)) throw error;
    return refuse(code);
  }
};

const subkeys = (key, domain) => {
  const both = hash(key, parts(domain), 64);
  return {commit: both.subarray(0, 32), seal: both.subarray(32)};
};

const bucket = (size) => {
  for (let b = 16; b <= 512; b *= 2) if (size <= b) return b;
  return Math.ceil(size / 512) * 512;
};

const unpad = (padded, code) => {
  const marker = padded.lastIndexOf(0x80);
  ensure(marker >= 0 && padded.subarray(marker + 1).every((b) => b === 0), code);
  ensure(padded.length === bucket(marker + 1), code);
  return padded.subarray(0, marker);
};

const argon2id = (passphrase, salt, passes, memoryKib) =>
  Buffer.from(sodium.crypto_pwhash(32, passphrase, salt, passes,
    memoryKib * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13));

// Takes bytes from the front; too few of them are refused.
class Reader {
  constructor(bytes, code) { Object.assign(this, {bytes, code, at: 0}); }
  take(size) {
    ensure(this.at + size <= this.bytes.length, this.code);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
  number(size) { return this.take(size).readUIntLE(0, size); }
  rest() { return this.take(this.bytes.length - this.at); }
  end() { ensure(this.at === this.bytes.length, this.code); }
  // Of the format and of the algorithm.
  versions() {
    for (const value of this.take(2)) {
      ensure(value <= 1, 'FAILED_PRECONDITION');
      ensure(value === 1, this.code);
    }
  }
}

// Section 2: a member's record.
function openRecord(v) {
  const code = 'DATA_LOSS';
  const chapter = hex(v.chapter), member = hex(v.member);
  const revision = u64(v.revision);
  const reader = new Reader(hex(v.record), code);
  reader.versions();
  const version = reader.number(4), count = reader.number(2);
  const nonce = reader.take(24), box = reader.take(48);
  const commitment = reader.take(32);
  const fields = [];
  for (let i = 0; i < count; i++) {
    const id = reader.number(2), size = reader.number(4);
    ensure(i === 0 || fields[i - 1].id < id, code);
    fields.push({id, size, nonce: reader.take(24), sealed: reader.take(size)});
  }
  reader.end();
  const bound = [u8(1), chapter, member, revision];
  const recordKey = unseal(hex(v['wrap-key']), nonce,
    parts('sodality/wrapped-key/1', ...bound, u32(version)), box, code);
  const {commit, seal} = subkeys(recordKey, 'sodality/record-subkeys/1');
  const directory = Buffer.concat(
    fields.map((field) => Buffer.concat([u16(field.id), u32(field.size)])));
  ensure(hash(commit, parts('sodality/record-commitment/1', ...bound,
    u32(version), directory), 32).equals(commitment), code);
  const values = {'wrap-key-version': String(version)};
  for (const field of fields) {
    const boundTo = parts('sodality/field/1', u8(1), chapter, member,
      u16(field.id), revision);
    values[`field-${field.id}`] = unpad(
      unseal(seal, field.nonce, boundTo, field.sealed, code), code).toString();
  }
  return values;
}

// Section 3: sealed values; an access row is one.
function openRow(v) {
  const code = 'DATA_LOSS';
  const reader = new Reader(hex(v.sealed), code);
  reader.versions();
  const version = reader.number(4), nonce = reader.take(24);
  ensure(version === Number(v['state-key-version']), 'FAILED_PRECONDITION');
  const subkey = hash(hex(v['state-key']), parts('sodality/blob-key/1', 'row'), 32);
  const place = parts('sodality/row/1', hex(v.chapter), u16(v.table), hex(v.row),
    u64(v['row-version']));
  const boundTo = parts('sodality/blob/1', u8(1), u32(version), 'row', place);
  return {plaintext: unpad(
    unseal(subkey, nonce, boundTo, reader.rest(), code), code).toString()};
}

// Section 4: index tokens.
function deriveToken(v) {
  const subkey = hash(hex(v['index-key']), parts('sodality/token-key/1', u16(v.slot)), 32);
  const low = hash(subkey, v.value, 16).readUInt32LE(0);
  return {token: String(BigInt(low) & ((1n << BigInt(v.bits)) - 1n))};
}

// Sections 5 and 7: the keyring file and the root key's file.
const CUSTODY_KEY_FILE = 1;
const CUSTODY_PASSPHRASE = 2;

function rootKeyOf(text) {
  const prefix = 'sodality-root-1-';
  const match = /^sodality-root-1-([0-9a-f]{64})-([0-9a-f]{8})$/.exec(text);
  ensure(match, 'INVALID_ARGUMENT');
  const key = hex(match[1]);
  const sum = crypto.createHash('sha256').update(prefix).update(key).digest('hex');
  ensure(sum.slice(0, 8) === match[2], 'INVALID_ARGUMENT');
  return key;
}

function readSlots(reader) {
  const slots = [];
  for (let left = reader.number(1); left > 0; left--) {
    const slot = {custody: reader.number(1), passes: reader.number(4),
      memory: reader.number(4), salt: reader.take(16), commitment: reader.take(32),
      nonce: reader.take(24), box: reader.take(48)};
    slot.binding = parts('sodality/keyring-slot/1', u8(1), u8(slot.custody),
      u32(slot.passes), u32(slot.memory), slot.salt);
    slots.push(slot);
  }
  return slots;
}

function checkActiveKeys(plain) {
  const reader = new Reader(plain, 'DATA_LOSS');
  reader.take(1 + 16 + 8);
  const active = {};
  for (let left = reader.number(2); left > 0; left--) {
    const kind = reader.number(1);
    reader.take(4);
    active[kind] = (active[kind] || 0) + (reader.number(1) === 2 ? 1 : 0);
    reader.take(8 + 4);
    reader.take(reader.number(4));
  }
  reader.end();
  for (let kind = 1; kind <= 8; kind++) ensure(active[kind] === 1, 'DATA_LOSS');
}

function openKeyring(v) {
  const bytes = hex(v.keyring);
  const reader = new Reader(bytes, 'DATA_LOSS');
  ensure(reader.take(16).toString() === 'sodality-keyring', 'DATA_LOSS');
  reader.versions();
  const slots = readSlots(reader);
  const head = bytes.subarray(0, reader.at);
  const nonce = reader.take(24), sealed = reader.rest();
  const custody = v.passphrase ? CUSTODY_PASSPHRASE : CUSTODY_KEY_FILE;
  const mine = slots.filter((slot) => slot.custody === custody);
  const fixed = v.passphrase ? null : rootKeyOf(v['root-key']);
  ensure(mine.length > 0, 'FAILED_PRECONDITION');
  for (const slot of mine) {
    const root = fixed || argon2id(v.passphrase, slot.salt, slot.passes, slot.memory);
    const {commit, seal} = subkeys(root, 'sodality/root-subkeys/1');
    if (!hash(commit, slot.binding, 32).equals(slot.commitment)) continue;
    const fileKey = unseal(seal, slot.nonce, slot.binding, slot.box, 'DATA_LOSS');
    const plain = unseal(fileKey, nonce, parts('sodality/keyring/1', head), sealed,
      'DATA_LOSS');
    checkActiveKeys(plain);
    return {plain: plain.toString('hex')};
  }
  return refuse('PERMISSION_DENIED');
}

// Section 6: the passphrase box.
function openBox(v) {
  const code = 'DATA_LOSS';
  const reader = new Reader(hex(v.box), code);
  reader.versions();
  const passes = reader.number(4), memory = reader.number(4);
  ensure(passes >= 1 && passes <= 16 && memory >= 8 && memory <= 1 << 20, code);
  const salt = reader.take(16), commitment = reader.take(32), nonce = reader.take(24);
  const key = argon2id(v.passphrase, salt, passes, memory);
  const {commit, seal} = subkeys(key, 'sodality/passphrase-box-subkeys/1');
  const binding = parts('sodality/passphrase-box/1', u8(1), v.purpose, u32(passes),
    u32(memory), salt);
  ensure(hash(commit, binding, 32).equals(commitment), 'PERMISSION_DENIED');
  return {plaintext: unpad(unseal(seal, nonce, binding, reader.rest(), code),
    code).toString()};
}

const FORMATS = {'record': openRecord, 'row': openRow, 'token': deriveToken,
  'keyring': openKeyring, 'passphrase-box': openBox};

function readVector(file) {
  return Object.fromEntries(fs.readFileSync(file, 'utf8').split('\n')
    .filter((line) => line !== '').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }));
}

// What is wrong with a file's outcome; empty when nothing is.
function faultOf(open, vector) {
  let values;
  try {
    values = open(vector);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.message === vector.expect ? '' :
      `${error.message} instead of ${vector.expect}`;
  }
  if (vector.expect !== 'OK') return `opens instead of ${vector.expect}`;
  const missing = Object.keys(vector)
    .filter((name) => name.startsWith('field-') && !(name in values))
    .map((name) => `${name} is missing`);
  return Object.entries(values).filter(([name, value]) => vector[name] !== value)
    .map(([name, value]) => `${name} is ${value}`).concat(missing).join(', ');
}

async function main() {
  try {
    sodium = require('libsodium-wrappers-sumo');
  } catch {
    console.error('no libsodium-wrappers-sumo in NODE_PATH');
    return process.env.CI === 'true' ? 1 : 77;
  }
  await sodium.ready;
  let files = 0, faults = 0;
  for (const [folder, open] of Object.entries(FORMATS)) {
    for (const name of fs.readdirSync(path.join(__dirname, folder)).sort()) {
      const file = path.join(folder, name);
      const fault = faultOf(open, readVector(path.join(__dirname, file)));
      files++;
      if (fault) faults++;
      if (fault) console.error(`${file}: ${fault}`);
    }
  }
  console.log(`${files} vectors, ${faults} with another outcome than they name`);
  return faults || files < 40 ? 1 : 0;
}

main().then((code) => { process.exitCode = code; });
