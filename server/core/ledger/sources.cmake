set(ledger_srcs
  ledger/budget_book.cc ledger/entry.cc ledger/entry_codec.cc
  ledger/head_signer.cc ledger/ledger.cc
  ledger/ledger_reader.cc ledger/ledger_thread.cc ledger/recent_entries.cc
  ledger/segment.cc)
