// Random text for property tests: words of many scripts, the characters that
// normalisation changes, and bytes that are no UTF-8.
#ifndef SODALITY_TESTS_TEXT_SOME_TEXT_H_
#define SODALITY_TESTS_TEXT_SOME_TEXT_H_

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace sodality::text {

// Valid UTF-8 in letters, marks, punctuation and pictures of many scripts.
rc::Gen<std::string> SomeText();

// As SomeText, with any code point of Unicode among them.
rc::Gen<std::string> AnyText();

// Any bytes at all.
rc::Gen<std::string> AnyBytes();

std::string ToUtf8(char32_t c);

}  // namespace sodality::text

#endif  // SODALITY_TESTS_TEXT_SOME_TEXT_H_
