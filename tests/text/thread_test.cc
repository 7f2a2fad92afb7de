// Everything in text/ is called from many threads at once; under
// ThreadSanitizer this is what shows that it may be.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "text/email.h"
#include "text/names.h"
#include "text/normalise.h"
#include "text/phone.h"
#include "text/query.h"

namespace sodality::text {
namespace {

bool AllAgree() {
  const Country us = Country::Create("US").value();
  const std::vector<std::string> words = {"(212)", "555-0123"};
  const std::vector<std::string_view> names = {"Дмитрий", "毛泽东"};
  return Normalise("Łukasz Luján") == "lukasz lujan" &&
         Transliterate("Γιώργος") == "giorgos" &&
         MatchesName(QueryWords("dmitriy zedong"), names) &&
         ParsePhone("212 555 0123", us).value() == "+12125550123" &&
         FormatPhone("+12125550123", PhoneStyle::kNational) ==
             "(212) 555-0123" &&
         ParseEmail("a@exämple.com").value() == "a@xn--exmple-cua.com" &&
         ClassifyQuery(words, us).value().phone == "+12125550123";
}

TEST(ThreadTest, GivesTheSameAnswersInEveryThread) {
  std::atomic<int> agreed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      LoadTransliterators();
      for (int round = 0; round < 20; ++round) agreed += AllAgree() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(agreed, 160);
}

}  // namespace
}  // namespace sodality::text
