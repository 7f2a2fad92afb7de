// docs/formats.md section 1, and what other pages take from it, over npm's build
// of libsodium. Shares no code with crypto/ nor with make_vectors.py.
'use strict';
const crypto = require('crypto');

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

let library;
const sodium = () => library;
const load = async () => {
  library = require('libsodium-wrappers-sumo');
  await library.ready;
};
const hash = (key, data, size) =>
  Buffer.from(library.crypto_generichash(size, data, key));

const unseal = (key, nonce, boundTo, sealed, code) => {
  try {
    return Buffer.from(library.crypto_aead_xchacha20poly1305_ietf_decrypt(
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
  Buffer.from(library.crypto_pwhash(32, passphrase, salt, passes,
    memoryKib * 1024, library.crypto_pwhash_ALG_ARGON2ID13));

// Takes bytes from the front; too few of them are refused.
class Reader {
  constructor(bytes, code) { Object.assign(this, {bytes, code, at: 0}); }
  take(size) {
    ensure(this.at + size <= this.bytes.length, this.code);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }
  number(size) { return this.take(size).readUIntLE(0, size); }
  sized() { return this.take(this.number(4)); }
  left() { return this.bytes.length - this.at; }
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

// Section 3: sealed values. `keys` by their versions; one that is not there, or
// destroyed, is of somebody newer.
function openSealed(keys, purpose, place, sealed) {
  const code = 'DATA_LOSS';
  const reader = new Reader(sealed, code);
  reader.versions();
  const version = reader.number(4), nonce = reader.take(24);
  ensure(version !== 0, code);
  ensure(version in keys, 'FAILED_PRECONDITION');
  const subkey = hash(keys[version], parts('sodality/blob-key/1', purpose), 32);
  const boundTo = parts('sodality/blob/1', u8(1), u32(version), purpose, place);
  return unpad(unseal(subkey, nonce, boundTo, reader.rest(), code), code);
}

// Section 5: the keys of an opened keyring, by kind and version.
function keysOf(plain) {
  const reader = new Reader(plain, 'DATA_LOSS');
  reader.take(1);
  const chapter = reader.take(16), keys = {};
  reader.take(8);
  for (let left = reader.number(2); left > 0; left--) {
    const kind = reader.number(1), version = reader.number(4);
    reader.take(1 + 8 + 4);
    const key = reader.sized();
    if (key.length > 0) (keys[kind] = keys[kind] || {})[version] = key;
  }
  reader.end();
  return {chapter, keys};
}

const sha256 = (...chunks) =>
  chunks.reduce((sum, chunk) => sum.update(chunk), crypto.createHash('sha256')).digest();

module.exports = {argon2id, ensure, hash, hex, keysOf, load, openSealed, parts, Reader,
  refuse, Refused, sha256, sodium, subkeys, u8, u16, u32, u64, unpad, unseal};
