// Messages hold members' data in ordinary strings while a call lasts; this
// takes it out of memory when the call is over. Read next: call_gate.h.
#ifndef SODALITY_SERVER_RPC_WIPE_H_
#define SODALITY_SERVER_RPC_WIPE_H_

namespace google::protobuf {
class Message;
}

namespace sodality::rpc {

// Overwrites every string and bytes field that is marked sensitive, in
// messages within messages too, and leaves it empty. Not on an arena. gRPC's
// own buffers of the call are out of its reach.
void WipeSensitive(google::protobuf::Message& message);

// Wipes a request when its handler returns. gRPC owns the request and only
// lends it as const; nobody reads it after the handler.
class RequestWiper final {
 public:
  explicit RequestWiper(const google::protobuf::Message& request)
      : request_(const_cast<google::protobuf::Message&>(request)) {}
  ~RequestWiper() { WipeSensitive(request_); }
  RequestWiper(const RequestWiper&) = delete;
  RequestWiper& operator=(const RequestWiper&) = delete;

 private:
  google::protobuf::Message& request_;
};

}  // namespace sodality::rpc

#endif  // SODALITY_SERVER_RPC_WIPE_H_
