/** Every word that the page itself says, in Vietnamese first and in English. `{name}` fields are filled. */

export type Language = "vi" | "en";

export interface Both {
  readonly vi: string;
  readonly en: string;
}

export const TEXTS = {
  centre: { vi: "Trung tâm điều hành", en: "Operations centre" },
  language: { vi: "Ngôn ngữ", en: "Language" },
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
  new: { vi: "mới, chưa nhận tin", en: "new, unacknowledged" },
  acked: { vi: "đã nhận tin", en: "acknowledged" },
  assigned: { vi: "đã giao, chờ tiếp nhận", en: "assigned, not accepted yet" },
  working: { vi: "đang xử lý", en: "being handled" },
  resolved: { vi: "đã xử lý xong", en: "resolved" },
  closed: { vi: "đã kết thúc", en: "closed" },
  rejected: { vi: "đã loại bỏ", en: "rejected" },
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
  firing: { vi: "đang diễn ra", en: "firing" },
  clearing: { vi: "đang giảm", en: "clearing" },
  unknown: { vi: "chưa rõ (mất dữ liệu)", en: "unknown (no data)" },
  cleared: { vi: "đã hết", en: "cleared" },
  C2: { vi: "Mở cảnh báo", en: "Opened" },
  C4: { vi: "Đang giảm", en: "Clearing" },
  C5: { vi: "Lại diễn ra khi đang giảm", en: "Firing again while clearing" },
  C6: { vi: "Đã hết", en: "Cleared" },
  C7: { vi: "Mất dữ liệu, chưa rõ tình trạng", en: "Unknown: its source is silent" },
  C8: { vi: "Có dữ liệu trở lại, vẫn diễn ra", en: "Known again: still firing" },
  C9: { vi: "Tăng mức nghiêm trọng", en: "Severity raised" },
  C10: { vi: "Cập nhật", en: "Updated" },
  C11: { vi: "Tái diễn", en: "Recurred" },
  C12: { vi: "Hết hiệu lực: không còn theo dõi nguồn hoặc quy tắc này", en: "Withdrawn: no longer watched" },
  C13: { vi: "Chập chờn: giữ lại trước khi báo hết", en: "Flapping: clearing is held back" },
  H1: { vi: "Đã nhận tin", en: "Acknowledged" },
  H2: { vi: "Giao xử lý", en: "Assigned" },
  H3: { vi: "Tiếp nhận xử lý", en: "Accepted" },
  H4: { vi: "Chuyển cơ quan khác", en: "Transferred" },
  H5: { vi: "Đã xử lý xong", en: "Resolved" },
  H6: { vi: "Kết thúc", en: "Closed" },
  H7: { vi: "Mở lại", en: "Reopened" },
  H8: { vi: "Loại bỏ", en: "Rejected" },
  H9: { vi: "Tăng mức, cần nhận tin lại", en: "Worse: to be acknowledged again" },
  H10: { vi: "Bỏ nhận tin", en: "Acknowledgement taken back" },
  H11: { vi: "Chuyển trả", en: "Returned" },
  H12: { vi: "Ghi chú", en: "Comment" },
  H13: { vi: "Cơ quan đã xem", en: "Seen by the agency" },
  H14: { vi: "Đôn đốc", en: "Reminder" },
  H15: { vi: "Xác minh", en: "Verified" },
  H16: { vi: "Tự kết thúc", en: "Closed by itself" },
  S1: { vi: "Không báo", en: "Suppressed" },
  S2: { vi: "Báo trở lại", en: "No longer suppressed" },
  K1: { vi: "Tính lại thời hạn", en: "Due time computed anew" },
  K2: { vi: "Sắp đến hạn", en: "Due soon" },
  K3: { vi: "Quá hạn", en: "Overdue" },
  K5: { vi: "Tạm dừng tính thời hạn", en: "Clock paused" },
  K6: { vi: "Tính tiếp thời hạn", en: "Clock resumed" },
  K7: { vi: "Gia hạn", en: "Extended" },

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

/** The text of a name that came from outside, if there is one. */
export function sayIfKnown(language: Language, name: string): string {
  return Object.hasOwn(TEXTS, name) ? TEXTS[name as Word][language] : name;
}
