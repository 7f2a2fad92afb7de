#include "server/rpc/wipe.h"

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "crypto/secret.h"
#include "sodality/v1/options.pb.h"

namespace sodality::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Which fields of a message to look at: the marks are read once.
struct Plan {
  std::vector<const FieldDescriptor*> strings;
  std::vector<const FieldDescriptor*> messages;
};
using Plans = absl::flat_hash_map<const Descriptor*, Plan>;

void AddPlan(const Descriptor* type, Plans& plans) {
  if (plans.contains(type)) return;
  plans.try_emplace(type);
  Plan plan;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AddPlan(field->message_type(), plans);
      plan.messages.push_back(field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
               field->options().GetExtension(v1::sensitive)) {
      plan.strings.push_back(field);
    }
  }
  plans[type] = std::move(plan);
}

Plans MakePlans() {
  Plans plans;
  for (const char* name :
       {"access", "directory", "enrollment", "ledger", "roster", "system"}) {
    const FileDescriptor* file =
        DescriptorPool::generated_pool()->FindFileByName(
            "sodality/v1/" + std::string(name) + ".proto");
    if (file == nullptr) continue;  // Not linked into this program.
    for (int i = 0; i < file->message_type_count(); ++i) {
      AddPlan(file->message_type(i), plans);
    }
  }
  return plans;
}

// An empty string may be the one that all messages share.
void WipeString(const std::string& text) {
  if (!text.empty()) crypto::Wipe(const_cast<std::string&>(text));
}

void WipeStrings(Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  std::string unused;
  if (!field->is_repeated()) {
    WipeString(reflection->GetStringReference(message, field, &unused));
    return;
  }
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    WipeString(
        reflection->GetRepeatedStringReference(message, field, i, &unused));
  }
}

void WipeMessages(Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  if (!field->is_repeated()) {
    if (!reflection->HasField(message, field)) return;
    WipeSensitive(*reflection->MutableMessage(&message, field));
    return;
  }
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    WipeSensitive(*reflection->MutableRepeatedMessage(&message, field, i));
  }
}

}  // namespace

void WipeSensitive(Message& message) {
  static const Plans& plans = *new Plans(MakePlans());
  const auto plan = plans.find(message.GetDescriptor());
  if (plan == plans.end()) return;
  for (const FieldDescriptor* field : plan->second.strings) {
    WipeStrings(message, field);
  }
  for (const FieldDescriptor* field : plan->second.messages) {
    WipeMessages(message, field);
  }
}

}  // namespace sodality::rpc
