#include "server/rpc/wipe.h"

#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <utility>
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

// Which fields of a message to look at: the marks are read once. Plans stay
// where they are, so that they may point at each other.
struct Plan {
  struct Part {
    const FieldDescriptor* field;
    const Plan* plan;
  };
  std::vector<const FieldDescriptor*> strings;
  std::vector<Part> messages;
};
using Plans =
    absl::flat_hash_map<const Descriptor*, std::unique_ptr<const Plan>>;

const Plan* AddPlan(const Descriptor* type, Plans& plans) {
  auto [known, is_new] = plans.try_emplace(type);
  if (!is_new) return known->second.get();
  auto made = std::make_unique<Plan>();
  Plan& plan = *made;
  known->second = std::move(made);
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      plan.messages.push_back({field, AddPlan(field->message_type(), plans)});
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
               field->options().GetExtension(v1::sensitive)) {
      plan.strings.push_back(field);
    }
  }
  return &plan;
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

void WipeStrings(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  std::string unused;
  if (!field->is_repeated()) {
    WipeString(reflection->GetStringReference(message, field, &unused));
    return;
  }
  const int count = reflection->FieldSize(message, field);
  for (int i = 0; i < count; ++i) {
    WipeString(
        reflection->GetRepeatedStringReference(message, field, i, &unused));
  }
}

void Wipe(Message& message, const Plan& plan);

void WipeMessages(Message& message, const Plan::Part& part) {
  const Reflection* reflection = message.GetReflection();
  if (!part.field->is_repeated()) {
    if (!reflection->HasField(message, part.field)) return;
    Wipe(*reflection->MutableMessage(&message, part.field), *part.plan);
    return;
  }
  const int count = reflection->FieldSize(message, part.field);
  for (int i = 0; i < count; ++i) {
    Wipe(*reflection->MutableRepeatedMessage(&message, part.field, i),
         *part.plan);
  }
}

void Wipe(Message& message, const Plan& plan) {
  for (const FieldDescriptor* field : plan.strings) WipeStrings(message, field);
  for (const Plan::Part& part : plan.messages) WipeMessages(message, part);
}

}  // namespace

void WipeSensitive(Message& message) {
  static const Plans& plans = *new Plans(MakePlans());
  const auto plan = plans.find(message.GetDescriptor());
  if (plan != plans.end()) Wipe(message, *plan->second);
}

}  // namespace sodality::rpc
