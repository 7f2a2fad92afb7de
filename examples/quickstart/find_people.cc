#include "find_people.h"

absl::Status FindPeople(const sodality::Client& client,
                        const std::vector<std::string>& words,
                        std::ostream& out) {
  sodality::MemberQuery query;
  query.words = words;
  do {
    const auto page = client.Search(query);
    if (!page.ok()) return page.status();
    for (const sodality::Member& member : page->members) {
      out << member.id;
      for (const sodality::Field& field : member.fields) {
        for (const std::string& value : field.values) {
          out << ' ' << field.name << '=' << value;
        }
      }
      out << '\n';
    }
    query.page_token = page->next_page_token;
  } while (!query.page_token.empty());
  return absl::OkStatus();
}
