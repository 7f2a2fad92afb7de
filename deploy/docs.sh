# shellcheck shell=bash
# Sourced by ./run: the client library's public headers as HTML.

# make_docs: build/docs/api/html, with every warning an error.
make_docs() {
  rm -rf build/docs/api
  mkdir -p build/docs/api
  doxygen docs/api/Doxyfile
}
