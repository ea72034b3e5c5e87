/** Every word that the page itself says, in Vietnamese first and in English. `{name}` fields are filled. */

export type Language = "vi" | "en";

export interface Both {
  readonly vi: string;
  readonly en: string;
}

export const TEXTS = {
  centre: { vi: "Trung tâm điều hành", en: "Operations centre" },
  language: { vi: "Ngôn ngữ", en: "Language" },
  to_wall: { vi: "Tường", en: "Wall" },
  to_leader: { vi: "Lãnh đạo", en: "Leader" },
  to_handover: { vi: "Bàn giao ca", en: "Hand-over" },
  sign_out: { vi: "Đăng xuất", en: "Sign out" },
  space: { vi: "Không gian dữ liệu", en: "Space" },
  operator: { vi: "trực ban", en: "operator" },
  shift_leader: { vi: "trưởng ca", en: "shift leader" },
  leader: { vi: "lãnh đạo", en: "leader" },
  viewer: { vi: "người xem", en: "viewer" },
  engineer: { vi: "kỹ sư", en: "engineer" },
  screen: { vi: "màn hình", en: "screen" },
  to_desk: { vi: "Bàn trực", en: "Desk" },

  // Signing in
  sign_in_title: { vi: "Đăng nhập", en: "Sign in" },
  sign_in: { vi: "Đăng nhập", en: "Sign in" },
  user_name: { vi: "Tên đăng nhập", en: "User name" },
  password: { vi: "Mật khẩu", en: "Password" },
  enrol_title: { vi: "Ghi danh màn hình", en: "Enrol this screen" },
  enrol_code: { vi: "Mã ghi danh (dùng một lần)", en: "Code (works once)" },
  enrol: { vi: "Ghi danh", en: "Enrol" },
  sending: { vi: "đang gửi…", en: "sending…" },
  bad_password: { vi: "Tên đăng nhập hoặc mật khẩu không đúng", en: "User name or password is wrong" },
  bad_code: { vi: "Mã không đúng, đã dùng hoặc đã hết hạn", en: "The code is wrong, used already or too old" },
  too_many_attempts: {
    vi: "Sai quá nhiều lần. Hãy đợi 10 phút rồi thử lại",
    en: "Too many attempts have failed. Wait ten minutes",
  },
  no_answer: { vi: "Máy chủ không trả lời. Hãy thử lại", en: "The server does not answer. Try again" },

  // Sound
  sound_off: { vi: "ÂM THANH CHƯA BẬT. Bấm để thử loa", en: "SOUND NOT ENABLED. Press to test it" },
  sound_on: { vi: "Âm thanh: bật", en: "Sound: on" },
  mute: { vi: "Tắt tiếng {n} phút", en: "Mute {n} min" },
  muted: { vi: "ĐÃ TẮT TIẾNG đến {until} ({who}). Bấm để bật lại", en: "MUTED until {until} ({who}). Press to unmute" },

  all_spaces: { vi: "Tất cả", en: "All" },

  // The state of the page
  live: { vi: "Trực tuyến, cập nhật {age} trước", en: "Live, updated {age} ago" },
  connecting: { vi: "Đang nối…", en: "Connecting…" },
  lost: {
    vi: "Mất kết nối. Số liệu lúc {time}, cũ {age}. Đang nối lại…",
    en: "Connection lost. Data as of {time}, {age} old. Reconnecting…",
  },
  lost_title: { vi: "MẤT KẾT NỐI", en: "CONNECTION LOST" },
  lost_age: { vi: "Số liệu cũ {age}", en: "Data is {age} old" },
  lost_time: { vi: "Số liệu lúc {time}. Đang nối lại…", en: "Data as of {time}. Reconnecting…" },
  never: { vi: "Chưa nhận được số liệu. Đang nối…", en: "No data received yet. Connecting…" },
  no_spaces: {
    vi: "Không có dữ liệu. Đang chờ hệ thống gửi số liệu đầu tiên…",
    en: "No data. Waiting for the system's first figures…",
  },
  filling: {
    vi: "Đang dựng lại số liệu từ nhật ký. Chưa đủ để xem.",
    en: "Rebuilding from the log. Not complete yet.",
  },
  data_late: { vi: "Chậm dữ liệu: số liệu đến {time}", en: "Data late: known up to {time}" },
  time_stands: { vi: "Thời gian đang dừng ở {time}", en: "Time stands at {time}" },

  // The mode of a space
  driven: { vi: "MÔ PHỎNG", en: "SIMULATION" },
  exercise: { vi: "DIỄN TẬP, KHÔNG PHẢI SỰ CỐ THẬT", en: "EXERCISE, NOT A REAL INCIDENT" },
  exercise_tag: { vi: "DIỄN TẬP", en: "EXERCISE" },

  // Severity
  extreme: { vi: "Khẩn cấp", en: "Extreme" },
  severe: { vi: "Nghiêm trọng", en: "Severe" },
  moderate: { vi: "Trung bình", en: "Moderate" },
  minor: { vi: "Thấp", en: "Minor" },

  // Alerts
  open_alerts: { vi: "Cần xử lý ngay", en: "Needs action now" },
  more_alerts: { vi: "còn {count} cảnh báo khác", en: "{count} more alerts" },
  at_least: { vi: "từ {count} trở lên", en: "{count} or more" },
  no_alerts: { vi: "0 cảnh báo", en: "0 alerts" },
  no_alerts_checked: {
    vi: "{sources} nguồn đang gửi, kiểm tra {age} trước",
    en: "{sources} sources sending, checked {age} ago",
  },
  no_alerts_unwatched: {
    vi: "Không khai báo nguồn nào; kiểm tra {age} trước",
    en: "No source is declared; checked {age} ago",
  },
  since: { vi: "từ {time}", en: "since {time}" },
  alerts: { vi: "cảnh báo", en: "alerts" },
  resting: { vi: "Ngoài giờ hành chính", en: "Outside office hours" },
  by_module: { vi: "Theo mô-đun", en: "By module" },

  // One alert
  why: { vi: "Vì sao có cảnh báo này", en: "Why it rang" },
  history: { vi: "Diễn biến", en: "History" },
  evidence: { vi: "Bằng chứng", en: "Evidence" },
  no_evidence: { vi: "Không có bằng chứng kèm theo", en: "No evidence attached" },
  close: { vi: "Đóng", en: "Close" },
  no_story: { vi: "Không đọc được cảnh báo này", en: "This alert could not be read" },

  // The desk
  search: { vi: "Tìm (Ctrl+K)", en: "Search (Ctrl+K)" },
  search_what: { vi: "cảnh báo, hồ sơ, camera, xã; không cần dấu", en: "alert, dossier, camera, commune" },
  search_closed: { vi: "Tìm cả cảnh báo đã kết thúc", en: "Search closed alerts too" },
  narrow: { vi: "Lọc", en: "Filter" },
  any: { vi: "Tất cả", en: "Any" },
  severity: { vi: "Mức độ", en: "Severity" },
  handling: { vi: "Xử lý", en: "Handling" },
  module: { vi: "Mô-đun", en: "Module" },
  commune: { vi: "Xã", en: "Commune" },
  agency: { vi: "Cơ quan", en: "Agency" },
  narrowed: { vi: "ĐANG LỌC: chỉ hiện {shown} trong {all} cảnh báo", en: "FILTERED: {shown} of {all} alerts are shown" },
  all_again: { vi: "Bỏ lọc", en: "Show all" },
  count_shown: { vi: "{count} cảnh báo", en: "{count} alerts" },
  fresh: { vi: "có {count} cảnh báo mới, bấm để hiện", en: "{count} new alerts, press to show" },
  choose: { vi: "Chọn một cảnh báo trong danh sách", en: "Choose an alert from the list" },
  back: { vi: "Về danh sách", en: "Back to the list" },
  overdue: { vi: "quá hạn", en: "overdue" },
  is_due: { vi: "Hạn {what}: {time} (còn {left})", en: "Due to {what}: {time} ({left} left)" },
  was_due: { vi: "QUÁ HẠN {what} từ {time}", en: "OVERDUE to {what} since {time}" },
  until: { vi: "đến {time}", en: "until {time}" },
  untold: { vi: "không báo vì: {why}", en: "nobody was told: {why}" },
  to_do: { vi: "Việc phải làm", en: "To do" },
  done: { vi: "{time} {what}, {who}", en: "{time} {what}, {who}" },
  refused: { vi: "Không thực hiện được: {reason}", en: "Refused: {reason}" },
  not_done: { vi: "hệ thống không nhận. Xem lại rồi bấm tiếp", en: "the system did not take it. Look again" },
  not_yours: { vi: "Bạn không có quyền với cảnh báo của cơ quan khác", en: "Not yours" },
  kept: { vi: "Chưa gửi được. Đã lưu lại và sẽ tự gửi khi có mạng", en: "Not sent. It is kept, and sent by itself later" },
  waiting: { vi: "{count} thao tác chưa gửi được, đang chờ mạng", en: "{count} orders wait for the network" },
  cancel: { vi: "Thôi", en: "Cancel" },
  words: { vi: "Nội dung", en: "Text" },
  reason: { vi: "Lý do", en: "Reason" },
  cause: { vi: "Nguyên nhân loại bỏ", en: "Cause" },
  outcome: { vi: "Kết quả xác minh", en: "Outcome" },
  clock: { vi: "Thời hạn", en: "Clock" },
  until_when: { vi: "Trong vòng", en: "For" },
  do_ack: { vi: "Nhận tin", en: "Acknowledge" },
  do_accept: { vi: "Tiếp nhận xử lý", en: "Accept" },
  do_assign: { vi: "Giao xử lý", en: "Assign" },
  do_comment: { vi: "Ghi chú", en: "Comment" },
  do_called: { vi: "Ghi nhận cuộc gọi", en: "Log a call made" },
  do_coordinate: { vi: "Giao phối hợp", en: "Name helpers" },
  do_ask: { vi: "Xin gia hạn", en: "Ask for more time" },
  do_answer: { vi: "Trả lời xin gia hạn", en: "Answer the request for time" },
  answer: { vi: "Trả lời", en: "Answer" },
  asked: { vi: "chờ trả lời", en: "not answered yet" },
  granted: { vi: "đồng ý", en: "granted" },
  refused_it: { vi: "không đồng ý", en: "not granted" },
  asked_until: { vi: "{who} xin gia hạn đến {time}:", en: "{who} asks for time until {time}:" },
  helping: { vi: "Cơ quan phối hợp (giữ Ctrl để chọn nhiều)", en: "Helping agencies (Ctrl for several)" },
  helped_by: { vi: "Phối hợp: {names}", en: "Helped by: {names}" },
  lead: { vi: "chủ trì", en: "leads" },
  coordinating: { vi: "phối hợp", en: "helps" },
  role: { vi: "Gọi cho", en: "Called" },
  again_at: { vi: "Gọi lại sau", en: "Call again in" },
  whom_to_ring: { vi: "Gọi ai", en: "Whom to ring" },
  no_roster: { vi: "Chưa có lịch trực: không rõ ai đang trực", en: "No roster: nobody knows who is on duty" },
  told_up: { vi: "Đã báo lên {to}.", en: "Told so far: {to}." },
  next_up: { vi: "Không ai xử lý thì báo cấp tiếp theo lúc {time}.", en: "Unless somebody acts, the next is told at {time}." },
  called: { vi: "Kết quả cuộc gọi", en: "What came of the call" },
  called_yes: { vi: "Đã gọi", en: "Called" },
  called_no: { vi: "Không liên lạc được", en: "No answer" },
  called_again: { vi: "Gọi lại sau", en: "Call again later" },
  do_silence: { vi: "Tắt báo có thời hạn", en: "Silence" },
  silence_set: { vi: "Đã đặt tắt báo", en: "Silence is set" },
  directive: { vi: "Ý kiến chỉ đạo", en: "Directive" },
  carried: { vi: "đã thực hiện:", en: "carried out:" },
  carry: { vi: "Báo cáo đã thực hiện", en: "Report as carried out" },
  do_resolve: { vi: "Báo cáo kết quả", en: "Report result" },
  do_close: { vi: "Kết thúc", en: "Close" },
  do_verify: { vi: "Xác minh", en: "Verify" },
  do_remind: { vi: "Đôn đốc", en: "Remind" },
  do_transfer: { vi: "Chuyển cơ quan khác", en: "Transfer" },
  do_return: { vi: "Chuyển trả", en: "Return" },
  do_shelve: { vi: "Tạm gác", en: "Shelve" },
  do_unshelve: { vi: "Bỏ tạm gác", en: "Unshelve" },
  do_reject: { vi: "Loại bỏ", en: "Reject" },
  do_reopen: { vi: "Mở lại", en: "Reopen" },
  do_unack: { vi: "Bỏ nhận tin", en: "Unacknowledge" },
  do_extend: { vi: "Gia hạn", en: "Extend" },
  do_pause: { vi: "Tạm dừng thời hạn", en: "Pause a clock" },
  do_resume: { vi: "Tính tiếp thời hạn", en: "Resume a clock" },
  cause_false: { vi: "báo sai", en: "false alarm" },
  cause_duplicate: { vi: "trùng", en: "duplicate" },
  cause_not_ours: { vi: "không thuộc địa bàn, thẩm quyền", en: "not ours" },
  cause_permitted: { vi: "đã được phép (đốt nương, đốt thực bì)", en: "permitted" },
  cause_test: { vi: "tin thử", en: "test" },
  outcome_true: { vi: "đúng", en: "true" },
  outcome_not_true: { vi: "không đúng", en: "not true" },
  outcome_unclear: { vi: "chưa rõ", en: "unclear" },
  outcome_controlled: { vi: "đốt có kiểm soát", en: "controlled burn" },
  outcome_unreachable: { vi: "không tiếp cận được", en: "unreachable" },
  log_call: { vi: "Ghi nhận tin báo", en: "Log a call" },
  call_what: { vi: "Loại tin", en: "About" },
  caller: { vi: "Người báo là", en: "The caller is" },
  call_private: {
    vi: "Không ghi tên, số điện thoại, số định danh: tin báo gửi tới các cơ quan.",
    en: "No names, telephone or citizen's numbers: a report goes to agencies.",
  },
  call_where: { vi: "Thôn, đường, gần nơi nào", en: "Hamlet, road, near what" },
  not_known: { vi: "chưa rõ", en: "not known" },
  alike_before: { vi: "Đã có tin tương tự, xem trước khi ghi thêm", en: "Similar news is open already: look before logging" },
  alike_open: { vi: "Có thể cùng một sự việc", en: "May be the same event" },
  duplicate_of: { vi: "Trùng với (nếu trùng)", en: "Repeats (if a duplicate)" },
  repeats: { vi: "Trùng với cảnh báo này", en: "Repeats this alert" },
  ago: { vi: "{age} trước", en: "{age} ago" },
  call_text: { vi: "Nội dung tin báo", en: "What was reported" },

  // The leader's page
  as_of: { vi: "Số liệu lúc {time}", en: "As of {time}" },
  burning: { vi: "Đang nóng", en: "Burning now" },
  none_grave: { vi: "Không có cảnh báo khẩn cấp hoặc nghiêm trọng", en: "No extreme or severe alert" },
  who_is_late: { vi: "Ai đang chậm", en: "Who is late" },
  nobody_late: { vi: "Không cơ quan nào quá hạn", en: "Nobody is late" },
  room: { vi: "Phòng trực trung tâm", en: "The centre's room" },
  late_alerts: { vi: "{count} cảnh báo quá hạn, lâu nhất từ {time}", en: "{count} overdue, the oldest since {time}" },
  since_yesterday: { vi: "So với hôm qua", en: "Since yesterday" },
  opened_day: { vi: "Mở trong 24 giờ", en: "Opened in 24 h" },
  day_before: { vi: "24 giờ trước đó: {count}", en: "24 h before: {count}" },
  closed_day: { vi: "Kết thúc trong 24 giờ", en: "Closed in 24 h" },
  still_open: { vi: "Còn mở", en: "Still open" },
  directives: { vi: "Ý kiến chỉ đạo", en: "Directives" },
  no_directives: { vi: "Chưa có ý kiến chỉ đạo", en: "No directives" },
  direct: { vi: "Cho ý kiến chỉ đạo", en: "Give a directive" },
  directive_text: { vi: "Nội dung chỉ đạo", en: "Directive" },
  due_within: { vi: "Hoàn thành trong vòng", en: "Due within" },
  done_in_time: { vi: "xong đúng hạn, {time}", en: "done in time, {time}" },
  done_late: { vi: "xong, quá hạn, {time}", en: "done late, {time}" },
  not_done_yet: { vi: "chưa xong, hạn {time}", en: "not done, due {time}" },
  not_done_late: { vi: "QUÁ HẠN từ {time}", en: "OVERDUE since {time}" },

  // The hand-over sheet
  handover_title: { vi: "Biên bản bàn giao ca trực", en: "Shift hand-over sheet" },
  handover_span: { vi: "Lập lúc {at}, cho ca trực đến {until}", en: "As of {at}, for the shift until {until}" },
  renew: { vi: "Lập lại", en: "Renew" },
  print: { vi: "In", en: "Print" },
  none: { vi: "Không có", en: "None" },
  sheet_open: { vi: "Cảnh báo đang mở", en: "Open alerts" },
  sheet_shelved: { vi: "Đang tạm gác", en: "Shelved" },
  sheet_silences: { vi: "Đang tắt báo, bảo trì", en: "Silences and maintenance" },
  sheet_deadlines: { vi: "Hạn trong ca tới", en: "Deadlines of the next shift" },
  on_duty_now: { vi: "Trực ban các cơ quan", en: "On duty at the agencies" },
  sheet_lost: { vi: "Nguồn mất tín hiệu", en: "Sources lost" },
  promised: { vi: "Đã hứa, phải gọi lại", en: "Promised, to call back" },
  shift_log: { vi: "Nhật ký ca trực", en: "Shift log" },
  log_text: { vi: "Ghi vào nhật ký", en: "Write to the log" },
  log_note: { vi: "Ghi chép", en: "Note" },
  log_check: { vi: "Kiểm tra đầu ca", en: "Start check" },
  log_promise: { vi: "Lời hứa", en: "Promise" },
  log_give: { vi: "Giao ca", en: "Shift given" },
  log_take: { vi: "Nhận ca", en: "Shift taken" },
  not_taken: {
    vi: "Chưa nhận được ca: phải có người giao ca trước, và người nhận phải là người khác",
    en: "Not taken: another person must have given the shift before",
  },
  start_check: { vi: "Kiểm tra đầu ca", en: "Check at the shift's start" },
  write_check: { vi: "Ghi kết quả kiểm tra", en: "Write the check to the log" },
  check_sound: { vi: "Loa", en: "Sound" },
  check_light: { vi: "Đèn, màn hình", en: "Lights, screens" },
  check_network: { vi: "Mạng, điện thoại", en: "Network, telephone" },
  check_roster: { vi: "Lịch trực đêm nay", en: "Tonight's roster" },
  check_test: { vi: "Một tin thử đã đến", en: "One test alert has arrived" },
  in_order: { vi: "tốt", en: "in order" },
  not_in_order: { vi: "CHƯA tốt", en: "NOT in order" },
  giver: { vi: "Người giao ca (ký, họ tên)", en: "Giver (signature, name)" },
  receiver: { vi: "Người nhận ca (ký, họ tên)", en: "Receiver (signature, name)" },

  // The map
  map: { vi: "Bản đồ", en: "Map" },
  zoom_in: { vi: "Phóng to", en: "Zoom in" },
  zoom_out: { vi: "Thu nhỏ", en: "Zoom out" },
  zoom_whole: { vi: "Toàn bộ", en: "Whole map" },
  danger_level: { vi: "cấp {level}", en: "level {level}" },
  schematic: { vi: "Sơ đồ, không phải ranh giới", en: "Schematic, not boundaries" },
  elsewhere: { vi: "Không thuộc xã nào: {count}", en: "In no commune: {count}" },
  no_map: { vi: "Không có xã nào được khai báo", en: "No commune is declared" },

  // Sources
  sources: { vi: "Nguồn dữ liệu", en: "Data sources" },
  stations: { vi: "Trạm đo", en: "Stations" },
  cameras: { vi: "Camera", en: "Cameras" },
  feeds: { vi: "Hệ thống gửi tin", en: "Sending systems" },
  present_of: { vi: "{present}/{all} đang gửi", en: "{present} of {all} sending" },
  no_data: { vi: "không có dữ liệu", en: "no data" },
  signal_lost: { vi: "mất tín hiệu", en: "signal lost" },
  newest_ago: { vi: "tin mới nhất cách đây", en: "age of newest event" },
  more_sources: { vi: "còn {count} nguồn khác", en: "{count} more sources" },

  // Time
  seconds: { vi: "{n} giây", en: "{n} s" },
  minutes: { vi: "{n} phút", en: "{n} min" },
  hours: { vi: "{n} giờ", en: "{n} h" },
  days: { vi: "{n} ngày", en: "{n} days" },
  day0: { vi: "Chủ nhật", en: "Sunday" },
  day1: { vi: "Thứ Hai", en: "Monday" },
  day2: { vi: "Thứ Ba", en: "Tuesday" },
  day3: { vi: "Thứ Tư", en: "Wednesday" },
  day4: { vi: "Thứ Năm", en: "Thursday" },
  day5: { vi: "Thứ Sáu", en: "Friday" },
  day6: { vi: "Thứ Bảy", en: "Saturday" },
} as const satisfies Record<string, Both>;

export type Word = keyof typeof TEXTS;

/** The text of that name, its fields filled. */
export function say(language: Language, word: Word, fields: Record<string, string> = {}): string {
  return TEXTS[word][language].replace(/\{(\w+)\}/g, (_, name: string) => fields[name] ?? "");
}

/** Words of the alert model, as the server says them: conditions, handling, transitions, … */
const learned = new Map<string, Both>();

export function learn(words: Readonly<Record<string, Both>>): void {
  for (const [name, both] of Object.entries(words)) learned.set(name, both);
}

/** The words for a name that came from the server. */
export function named(language: Language, name: string): string {
  return learned.get(name)?.[language] ?? name;
}
