#include "samples/people.h"

#include <array>
#include <cstdio>
#include <span>
#include <string_view>

#include "samples/names.h"

namespace sodality::samples {
namespace {

// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
class Dice {
 public:
  explicit Dice(uint64_t state) : state_(state) {}
  uint64_t Roll(uint64_t sides) {
    state_ += 0x9E3779B97F4A7C15u;
    uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (z ^ (z >> 31)) % sides;
  }
  std::string Pick(std::span<const std::string_view> of) {
    return std::string(of[Roll(of.size())]);
  }

 private:
  uint64_t state_;
};

constexpr std::string_view kRegions[] = {"North", "Riverside", "East Bay",
                                         "Old Town", "Hill District"};
constexpr std::string_view kCommittees[] = {
    "Housing", "Labor", "Climate", "Mutual Aid", "Political Education"};
constexpr std::string_view kSkills[] = {"canvassing", "design",
                                        "cooking",    "bookkeeping",
                                        "driving",    "interpreting"};
constexpr std::string_view kStages[] = {"new", "active", "leader", "lapsed"};
constexpr std::string_view kPronouns[] = {"she/her", "he/him", "they/them"};
constexpr std::string_view kStreets[] = {"Elm Street", "Union Square",
                                         "Harbor Road", "Orchard Lane"};
constexpr std::string_view kAreaCodes[] = {
    "202", "206", "212", "213", "215", "303", "305", "312", "404", "415",
    "503", "512", "602", "612", "617", "702", "713", "718", "808", "907"};

template <class... Numbers>
std::string Format(const char* format, Numbers... numbers) {
  std::array<char, 64> out{};
  const int size = std::snprintf(out.data(), out.size(), format, numbers...);
  return {out.data(), static_cast<size_t>(size)};
}

// A number of its own for each index below 4 thousand million: first the
// fictional range, then any exchange.
std::string PhoneOf(uint64_t index) {
  constexpr uint64_t kAreas = std::size(kAreaCodes);
  const std::string area(kAreaCodes[index % kAreas]);
  const uint64_t rest = index / kAreas;
  if (rest < 100) {
    return "(" + area + Format(") 555-01%02d", static_cast<int>(rest));
  }
  return area + Format("-%03d-%04d", static_cast<int>(200 + rest / 10000 % 800),
                       static_cast<int>(rest % 10000));
}

std::string TwoOf(Dice& dice, std::span<const std::string_view> of) {
  const uint64_t first = dice.Roll(of.size());
  std::string list(of[first]);
  if (dice.Roll(3) == 0) {
    list += ';';
    list += of[(first + 1 + dice.Roll(of.size() - 1)) % of.size()];
  }
  return list;
}

}  // namespace

Person MakePerson(uint64_t seed, uint64_t index) {
  Dice dice(seed * 0x2545F4914F6CDD1Du + index);
  const auto lists = NameLists();
  const NameList& names = lists[dice.Roll(lists.size())];
  const auto number = static_cast<unsigned long long>(index + 1);
  Person p;
  p.external_id = Format("S%07llu", number);
  p.given_name = dice.Pick(names.given);
  p.family_name = dice.Pick(names.family);
  p.pronouns = dice.Pick(kPronouns);
  p.email = Format("member%llu@example.org", number);
  p.phone = PhoneOf(index);
  p.street =
      Format("%d ", static_cast<int>(1 + dice.Roll(900))) + dice.Pick(kStreets);
  p.city = "Springfield";
  p.state = "MA";
  p.postal_code = Format("011%02d", static_cast<int>(dice.Roll(100)));
  p.region = dice.Pick(kRegions);
  p.committees = TwoOf(dice, kCommittees);
  p.languages = "English";
  if (names.language != "English") {
    p.languages += ";" + std::string(names.language);
  }
  p.skills = TwoOf(dice, kSkills);
  p.stage = dice.Pick(kStages);
  p.joined = Format("%04d-%02d-%02d", static_cast<int>(2015 + dice.Roll(11)),
                    static_cast<int>(1 + dice.Roll(12)),
                    static_cast<int>(1 + dice.Roll(28)));
  p.consent_call = dice.Roll(4) == 0 ? "no" : "yes";
  if (dice.Roll(5) == 0) p.notes = "prefers to be called in the evening";
  return p;
}

}  // namespace sodality::samples
