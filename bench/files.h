// Whole small files, for certificates and id lists.
#ifndef SODALITY_BENCH_FILES_H_
#define SODALITY_BENCH_FILES_H_

#include <string>
#include <vector>

namespace sodality::bench {

// Ends the program with a message when the file cannot be read.
std::string ReadWhole(const std::string& path);
std::vector<std::string> ReadLines(const std::string& path);

}  // namespace sodality::bench

#endif  // SODALITY_BENCH_FILES_H_
