// Reads the files of this folder by docs/formats*.md, with a libsodium of its
// own (npm's WebAssembly build), sharing no code with crypto/ nor with
// make_vectors.py. NODE_PATH names the folder of modules; exits with 1 when a
// file has another outcome than it names, with 77 when there are no modules.
'use strict';
const fs = require('fs');
const path = require('path');
const {load, Refused} = require('./building_blocks.cjs');

const FORMATS = {...require('./crypto_formats.cjs'), ...require('./ledger_formats.cjs'),
  ...require('./directory_formats.cjs'), ...require('./device_formats.cjs'),
  ...require('./server_formats.cjs'), ...require('./tombstone_formats.cjs')};

// Frames round ledger entries: nothing of libsodium's.
const LEFT_TO_OTHERS = ['ledger-segment'];

function foldersWithoutReader() {
  return fs.readdirSync(__dirname, {withFileTypes: true})
    .filter((entry) => entry.isDirectory() && entry.name !== '__pycache__')
    .map((entry) => entry.name)
    .filter((name) => !(name in FORMATS) && !LEFT_TO_OTHERS.includes(name));
}

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
    await load();
  } catch {
    console.error('no libsodium-wrappers-sumo in NODE_PATH');
    return process.env.CI === 'true' ? 1 : 77;
  }
  let files = 0, faults = 0;
  for (const name of foldersWithoutReader()) {
    faults++;
    console.error(`${name}: read by no function`);
  }
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
  return faults || files < 200 ? 1 : 0;
}

main().then((code) => { process.exitCode = code; });
