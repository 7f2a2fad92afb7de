#!/usr/bin/env python3
"""Writes the vectors of this folder: a second implementation of the pages
docs/formats*.md. Released vectors are frozen: add files, never change one.
"""
from backup_vectors import backup_vectors
from crypto_vectors import crypto_vectors
from directory_vectors import directory_vectors
from ledger_vectors import ledger_vectors
from pki_vectors import pki_vectors
from server_vectors import server_vectors
from share_vectors import all_share_vectors
from tombstone_vectors import tombstone_vectors

if __name__ == "__main__":
    crypto_vectors()
    backup_vectors()
    all_share_vectors()
    ledger_vectors()
    directory_vectors()
    pki_vectors()
    server_vectors()
    tombstone_vectors()
