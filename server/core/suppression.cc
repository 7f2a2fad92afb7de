#include "server/core/suppression.h"

#include "crypto/keyed_hash.h"
#include "text/normalise.h"

namespace sodality::core {
namespace {

std::string_view NameOf(Contact::Kind kind) {
  return kind == Contact::Kind::kEmail ? "email" : "phone";
}

}  // namespace

store::IdBytes SuppressionList::RowId(const store::MemberId& member) const {
  crypto::AssociatedData input("sodality/suppressed-member/1");
  input.Add(member.bytes);
  return crypto::KeyedHash16(key_, input);
}

store::IdBytes SuppressionList::RowId(std::string_view external_id) const {
  crypto::AssociatedData input("sodality/suppressed/1");
  input.AddText(text::Normalise(external_id));
  return crypto::KeyedHash16(key_, input);
}

store::IdBytes SuppressionList::RowId(const Contact& contact) const {
  crypto::AssociatedData input("sodality/suppressed-contact/1");
  input.AddText(NameOf(contact.kind)).AddText(contact.form);
  return crypto::KeyedHash16(key_, input);
}

store::IdBytes SuppressionList::RowId(const Contact& contact,
                                      std::string_view word) const {
  crypto::AssociatedData input("sodality/suppressed-name/1");
  input.AddText(NameOf(contact.kind)).AddText(contact.form).AddText(word);
  return crypto::KeyedHash16(key_, input);
}

bool SuppressionList::empty() const {
  platform::MutexLock lock(mutex_);
  return rows_.empty();
}

bool SuppressionList::Contains(const store::IdBytes& row_id) const {
  platform::MutexLock lock(mutex_);
  return rows_.contains(row_id);
}

bool SuppressionList::Contains(std::string_view external_id) const {
  return !empty() && Contains(RowId(external_id));
}

void SuppressionList::Add(const store::IdBytes& row_id) {
  platform::MutexLock lock(mutex_);
  rows_.insert(row_id);
}

}  // namespace sodality::core
