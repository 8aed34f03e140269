#include "core/transport/nats_transport.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <future>
#include <nats/nats.h>
#include <random>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/text.h"
#include "core/transport/nats_error.h"
#include "core/transport/nats_event_loop.h"
#include "core/transport/nats_settings.h"
#include "core/transport/spent_messages.h"

namespace hocket::transport {

namespace {

using OptionsPointer = std::unique_ptr<natsOptions, decltype(&natsOptions_Destroy)>;

constexpr int k_first_reconnect_wait_ms = 100;

Error unreachable(const std::string& what, const std::string& reason) {
    return {ErrorCode::broker_unreachable, what + ": " + reason, {}};
}

wire::Message to_message(natsMsg* received) {
    wire::Message message;
    message.subject = natsMsg_GetSubject(received);
    if (const char* reply = natsMsg_GetReply(received)) message.reply_subject = reply;
    message.no_responders = natsMsg_IsNoResponders(received);
    message.payload.assign(natsMsg_GetData(received),
                           static_cast<std::size_t>(natsMsg_GetDataLength(received)));
    const char** values = nullptr;
    int count = 0;
    if (natsMsgHeader_Values(received, wire::k_signature_header, &values, &count) == NATS_OK) {
        message.signatures.assign(values, values + count);
        std::free(values);
    }
    return message;
}

/// Between a half and the whole of a doubling bound, by chance: a fleet that lost its broker does not come back in one wave.
std::int64_t reconnect_wait_ms(int attempts, int longest_ms) {
    thread_local std::minstd_rand generator(std::random_device{}());
    const int doublings = std::clamp(attempts - 1, 0, 16);
    const std::int64_t bound =
        std::min<std::int64_t>(longest_ms, std::int64_t{k_first_reconnect_wait_ms} << doublings);
    return std::uniform_int_distribution<std::int64_t>(bound / 2, bound)(generator);
}

class NatsTransport final : public Transport {
public:
    NatsTransport(boost::asio::io_context& io, NatsOptions options)
        : io_(io),
          options_(std::move(options)),
          event_loop_(io, [this] { drain(); }),
          spent_messages_(io),
          opening_(io) {
        // A broker that demands TLS later makes cnats look for CAs then, on a thread of its own.
        if (options_.tls_ca_file.empty() && options_.start == NatsOptions::Start::retry) no_cas_.emplace();
    }

    NatsTransport(const NatsTransport&) = delete;
    NatsTransport& operator=(const NatsTransport&) = delete;
    ~NatsTransport() override;

    Result<void> connect();

    Result<std::unique_ptr<Subscription>> subscribe(const std::string& subject,
                                                    MessageHandler handler) override;
    Result<void> publish(const wire::Message& message) override;
    void flush() override;
    std::size_t max_payload() const override;
    ConnectionState state() const override { return state_; }
    std::string broker() const override { return join(options_.urls, ","); }
    std::uint64_t dropped() const override;
    void on_state(StateHandler handler) override { state_handler_ = std::move(handler); }
    void on_error(ErrorHandler handler) override { error_handler_ = std::move(handler); }

private:
    /// A handler stays where it is while it runs, even when it ends its own subscription.
    struct Listener {
        std::string subject;
        MessageHandler handler;
        natsSubscription* subscription = nullptr;  ///< none while there is no connection
        bool has_ended = false;
    };
    struct Resting {
        natsSubscription* subscription;
        std::chrono::steady_clock::time_point since;
    };
    class Holder;

    natsStatus configure(natsOptions* nats_options);
    natsStatus configure_callbacks(natsOptions* nats_options);
    Result<void> listen(Listener& listener);
    void give_up_connection();
    void on_closed();
    void on_attempt(const std::string& trouble);
    void take_changed_files();
    void open_later();
    void open_anew();
    void end(Listener& listener);
    void drain();
    void drain(Listener& listener);
    static std::pair<natsMsg*, natsStatus> next_message(const Listener& listener);
    static int pending(const Listener& listener);
    void destroy_rested();
    void set_state(ConnectionState state, std::string detail);
    void report(const std::string& reason);

    // Called by threads of cnats: they only post.
    static void connected(natsConnection*, void* closure);
    static void disconnected(natsConnection*, void* closure);
    static void closed(natsConnection*, void* closure);
    static void failed(natsConnection*, natsSubscription*, natsStatus, void* closure);
    static std::int64_t delay(natsConnection*, int attempts, void* closure);

    boost::asio::io_context& io_;
    NatsOptions options_;
    std::optional<SystemCasKeptOut> no_cas_;
    NatsEventLoop event_loop_;
    natsConnection* connection_ = nullptr;
    std::vector<std::shared_ptr<Listener>> listeners_;
    std::size_t ended_ = 0;        ///< of listeners_
    std::deque<Resting> resting_;  ///< no longer subscribed, not yet destroyed
    bool more_to_handle_ = false;  ///< behind the message that is being handled
    std::uint64_t dropped_ = 0;    ///< of subscriptions that have ended
    SpentMessages spent_messages_;
    std::promise<void> closed_;
    boost::asio::steady_timer opening_;
    int openings_ = 0;                  ///< since there was a connection
    std::vector<FileStamp> tls_files_;  ///< as this connection knows them
    bool is_renewing_ = false;          ///< closed by ourselves, for files that have changed
    std::set<std::string> told_;        ///< why there is no connection, since there was one
    ConnectionState state_ = ConnectionState::connecting;
    StateHandler state_handler_;
    ErrorHandler error_handler_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

NatsTransport::~NatsTransport() {
    *alive_ = false;
    event_loop_.stop();
    if (connection_ == nullptr) return;
    // Close first: bytes that wait to be written would make cnats wait 500 ms for a loop that no longer runs.
    natsConnection_Close(connection_);
    give_up_connection();
    // The closed callback is the last one that cnats makes with our address.
    closed_.get_future().wait_for(std::chrono::seconds(5));
}

void NatsTransport::give_up_connection() {
    for (const std::shared_ptr<Listener>& listener : listeners_) {
        if (!listener->has_ended) natsSubscription_Destroy(std::exchange(listener->subscription, nullptr));
    }
    for (const Resting& resting : resting_)
        natsSubscription_Destroy(resting.subscription);
    resting_.clear();
    natsConnection_Destroy(std::exchange(connection_, nullptr));
}

/// cnats gives up when a broker has refused it twice in a row, for a password that is wrong for a moment. We do not.
void NatsTransport::on_closed() {
    const bool is_renewing = std::exchange(is_renewing_, false);
    const char* last_error = nullptr;
    natsConnection_GetLastError(connection_, &last_error);
    if (!is_renewing) {
        report("the broker refuses us (" + escape_text(last_error == nullptr ? "" : last_error) + "); " +
               about_user(options_) + "; it is asked again");
    }
    event_loop_.release();
    give_up_connection();
    if (is_renewing) return open_anew();
    open_later();
}

/// To connect again. `trouble` is what became of the last one, if there was one.
void NatsTransport::on_attempt(const std::string& trouble) {
    const bool is_new =
        !trouble.empty() && state_ != ConnectionState::connected && told_.insert(trouble).second;
    if (is_new) report("cannot connect to the broker " + broker() + ": " + trouble + "; it is tried again");
    take_changed_files();
}

/// cnats reads the files of TLS once and for all: who has renewed a certificate must not be refused for the old one.
void NatsTransport::take_changed_files() {
    if (connection_ == nullptr || is_renewing_ || state_ == ConnectionState::connected) return;
    if (stamps_of_tls(options_) == tls_files_) return;
    is_renewing_ = true;
    natsConnection_Close(connection_);
}

void NatsTransport::open_later() {
    opening_.expires_after(
        std::chrono::milliseconds(reconnect_wait_ms(++openings_, options_.max_reconnect_wait_ms)));
    opening_.async_wait([this](const boost::system::error_code& error) {
        if (!error) open_anew();
    });
}

void NatsTransport::open_anew() {
    closed_ = std::promise<void>();
    options_.start = NatsOptions::Start::retry;
    if (Result<void> opened = connect(); !opened) {
        report(opened.error().message);
        return open_later();
    }
    for (std::size_t i = 0; i < listeners_.size(); ++i) {
        if (listeners_[i]->has_ended) continue;
        if (Result<void> listens = listen(*listeners_[i]); !listens) report(listens.error().message);
    }
    if (state_ == ConnectionState::connected) set_state(ConnectionState::connected, broker());
}

Result<void> NatsTransport::connect() {
    if (Result<void> checked = check_options(options_); !checked) return checked;
    const SystemCasKeptOut only_our_ca;
    tls_files_ = stamps_of_tls(options_);
    natsOptions* raw = nullptr;
    natsStatus status = natsOptions_Create(&raw);
    const OptionsPointer nats_options(raw, &natsOptions_Destroy);
    if (status == NATS_OK) status = configure(nats_options.get());
    if (status == NATS_OK) status = natsConnection_Connect(&connection_, nats_options.get());
    if (status == NATS_OK) {
        state_ = ConnectionState::connected;
        return {};
    }
    if (status == NATS_NOT_YET_CONNECTED) return {};
    connection_ = nullptr;
    return unreachable("cannot connect to the broker " + broker(), why_not_connected(status, options_));
}

natsStatus NatsTransport::configure(natsOptions* nats_options) {
    const natsStatus status = apply(options_, nats_options);
    return status == NATS_OK ? configure_callbacks(nats_options) : status;
}

natsStatus NatsTransport::configure_callbacks(natsOptions* nats_options) {
    natsStatus status = event_loop_.install(nats_options);
    if (status == NATS_OK) status = natsOptions_SetCustomReconnectDelay(nats_options, &delay, this);
    if (status == NATS_OK) status = natsOptions_SetDisconnectedCB(nats_options, &disconnected, this);
    if (status == NATS_OK) status = natsOptions_SetReconnectedCB(nats_options, &connected, this);
    if (status == NATS_OK) status = natsOptions_SetClosedCB(nats_options, &closed, this);
    if (status == NATS_OK) status = natsOptions_SetErrorHandler(nats_options, &failed, this);
    if (status == NATS_OK && options_.start == NatsOptions::Start::retry) {
        status = natsOptions_SetRetryOnFailedConnect(nats_options, true, &connected, this);
    }
    return status;
}

class NatsTransport::Holder final : public Subscription {
public:
    Holder(NatsTransport& transport, std::shared_ptr<Listener> listener)
        : transport_(transport), is_transport_alive_(transport.alive_), listener_(std::move(listener)) {}
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    ~Holder() override {
        if (*is_transport_alive_) transport_.end(*listener_);
    }

private:
    NatsTransport& transport_;
    std::shared_ptr<bool> is_transport_alive_;
    std::shared_ptr<Listener> listener_;
};

Result<std::unique_ptr<Subscription>> NatsTransport::subscribe(const std::string& subject,
                                                               MessageHandler handler) {
    const auto listener = std::make_shared<Listener>(Listener{subject, std::move(handler)});
    if (connection_ != nullptr) {
        if (Result<void> listens = listen(*listener); !listens) return listens.error();
    }
    listeners_.push_back(listener);
    return std::unique_ptr<Subscription>(std::make_unique<Holder>(*this, listener));
}

Result<void> NatsTransport::listen(Listener& listener) {
    natsStatus status =
        natsConnection_SubscribeSync(&listener.subscription, connection_, listener.subject.c_str());
    if (status != NATS_OK) return unreachable("cannot subscribe to " + listener.subject, status_text(status));
    status = natsSubscription_SetPendingLimits(listener.subscription, options_.max_pending_messages,
                                               options_.max_pending_bytes);
    if (status == NATS_OK) return {};
    natsSubscription_Destroy(std::exchange(listener.subscription, nullptr));
    return unreachable("cannot limit " + listener.subject, status_text(status));
}

void NatsTransport::end(Listener& listener) {
    std::int64_t dropped = 0;
    if (natsSubscription_GetDropped(listener.subscription, &dropped) == NATS_OK && dropped > 0)
        dropped_ += static_cast<std::uint64_t>(dropped);
    while (natsMsg* unread = next_message(listener).first)
        spent_messages_.take(NatsMessage(unread, &natsMsg_Destroy));
    natsSubscription_Unsubscribe(listener.subscription);
    listener.has_ended = true;
    ++ended_;
    resting_.push_back({listener.subscription, std::chrono::steady_clock::now()});
    destroy_rested();
}

void NatsTransport::destroy_rested() {
    if (resting_.empty()) return;
    const auto until =
        std::chrono::steady_clock::now() - std::chrono::milliseconds(options_.subscription_rest_ms);
    for (; !resting_.empty() && resting_.front().since < until; resting_.pop_front())
        natsSubscription_Destroy(resting_.front().subscription);
}

Result<void> NatsTransport::publish(const wire::Message& message) {
    natsMsg* raw = nullptr;
    natsStatus status =
        natsMsg_Create(&raw, message.subject.c_str(),
                       message.reply_subject.empty() ? nullptr : message.reply_subject.c_str(),
                       message.payload.data(), static_cast<int>(message.payload.size()));
    NatsMessage created(raw, &natsMsg_Destroy);
    for (const std::string& signature : message.signatures) {
        if (status == NATS_OK) status = natsMsgHeader_Add(raw, wire::k_signature_header, signature.c_str());
    }
    if (status == NATS_OK) status = natsConnection_PublishMsg(connection_, raw);
    spent_messages_.take(std::move(created));
    if (status == NATS_OK) return {};
    if (status == NATS_MAX_PAYLOAD) {
        return Error{ErrorCode::too_large,
                     "a message of " + std::to_string(message.payload.size()) + " bytes, the broker takes " +
                         std::to_string(max_payload()),
                     {}};
    }
    return unreachable("cannot publish", status_text(status));
}

void NatsTransport::flush() {
    if (!more_to_handle_) event_loop_.write();
}

std::size_t NatsTransport::max_payload() const {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, natsConnection_GetMaxPayload(connection_)));
}

std::uint64_t NatsTransport::dropped() const {
    std::uint64_t total = dropped_;
    for (const std::shared_ptr<Listener>& listener : listeners_) {
        std::int64_t dropped = 0;
        if (!listener->has_ended &&
            natsSubscription_GetDropped(listener->subscription, &dropped) == NATS_OK && dropped > 0) {
            total += static_cast<std::uint64_t>(dropped);
        }
    }
    return total;
}

void NatsTransport::drain() {
    if (ended_ > 0) std::erase_if(listeners_, [](const auto& listener) { return listener->has_ended; });
    ended_ = 0;
    destroy_rested();
    for (std::size_t i = 0; i < listeners_.size(); ++i) {  // a handler may subscribe
        const std::shared_ptr<Listener> listener = listeners_[i];
        drain(*listener);
    }
}

void NatsTransport::drain(Listener& listener) {
    while (!listener.has_ended) {
        const auto [raw, status] = next_message(listener);
        if (status == NATS_NO_RESPONDERS) {
            wire::Message unanswered;  // cnats keeps the subject of such a message to itself
            unanswered.no_responders = true;
            listener.handler(unanswered);
        } else if (raw == nullptr) {
            return;
        } else {
            NatsMessage received(raw, &natsMsg_Destroy);
            more_to_handle_ = pending(listener) > 0;
            listener.handler(to_message(raw));
            more_to_handle_ = false;
            spent_messages_.take(std::move(received));
        }
    }
}

/// To be told that there is nothing costs an error of cnats, ten times as much as to ask how much there is.
std::pair<natsMsg*, natsStatus> NatsTransport::next_message(const Listener& listener) {
    natsMsg* message = nullptr;
    if (pending(listener) == 0) return {nullptr, NATS_NOT_FOUND};
    const natsStatus status = natsSubscription_NextMsg(&message, listener.subscription, 0);
    return {message, status};
}

int NatsTransport::pending(const Listener& listener) {
    int messages = 0;
    return natsSubscription_GetPending(listener.subscription, &messages, nullptr) == NATS_OK ? messages : 0;
}

void NatsTransport::set_state(ConnectionState state, std::string detail) {
    state_ = state;
    if (state == ConnectionState::connected) {
        openings_ = 0;
        told_.clear();
    }
    if (state_handler_) state_handler_(state, detail);
}

void NatsTransport::report(const std::string& reason) {
    if (error_handler_) error_handler_(reason);
}

void NatsTransport::connected(natsConnection* connection, void* closure) {
    auto* self = static_cast<NatsTransport*>(closure);
    std::array<char, 256> url{};
    if (natsConnection_GetConnectedUrl(connection, url.data(), url.size()) != NATS_OK) url[0] = '\0';
    boost::asio::post(self->io_, [self, alive = self->alive_, text = std::string(url.data())] {
        if (*alive) self->set_state(ConnectionState::connected, text);
    });
}

void NatsTransport::disconnected(natsConnection* connection, void* closure) {
    auto* self = static_cast<NatsTransport*>(closure);
    const char* last_error = nullptr;
    const natsStatus status = natsConnection_GetLastError(connection, &last_error);
    std::string reason = status == NATS_OK ? "the broker is gone" : natsStatus_GetText(status);
    if (last_error != nullptr && *last_error != '\0') reason = escape_text(last_error);
    boost::asio::post(self->io_, [self, alive = self->alive_, reason = std::move(reason)] {
        if (*alive) self->set_state(ConnectionState::disconnected, reason);
    });
}

void NatsTransport::closed(natsConnection*, void* closure) {
    auto* self = static_cast<NatsTransport*>(closure);
    boost::asio::post(self->io_, [self, alive = self->alive_] {
        if (*alive) self->on_closed();
    });
    self->closed_.set_value();  // the destructor may wait for it, so this comes last
}

void NatsTransport::failed(natsConnection*, natsSubscription*, natsStatus status, void* closure) {
    auto* self = static_cast<NatsTransport*>(closure);
    // For this thread cnats has the text of this very error; the connection has that of the newest.
    std::string reason = natsStatus_GetText(status);
    if (const std::string_view detail = last_error_text(); !detail.empty())
        reason += ": " + std::string(detail);
    reason = escape_text(reason);
    boost::asio::post(self->io_, [self, alive = self->alive_, reason = std::move(reason)] {
        if (*alive) self->report(reason);
    });
}

/// The thread that connects again waits now, so it may be ended.
std::int64_t NatsTransport::delay(natsConnection*, int attempts, void* closure) {
    auto* self = static_cast<NatsTransport*>(closure);
    std::string trouble = attempts > 1 ? escape_text(last_error_text()) : "";
    boost::asio::post(self->io_, [self, alive = self->alive_, trouble = std::move(trouble)] {
        if (*alive) self->on_attempt(trouble);
    });
    return reconnect_wait_ms(attempts, self->options_.max_reconnect_wait_ms);
}

}  // namespace

Result<std::unique_ptr<Transport>> connect_nats(boost::asio::io_context& io, const NatsOptions& options) {
    auto transport = std::make_unique<NatsTransport>(io, options);
    if (Result<void> connected = transport->connect(); !connected) return connected.error();
    return std::unique_ptr<Transport>(std::move(transport));
}

}  // namespace hocket::transport
