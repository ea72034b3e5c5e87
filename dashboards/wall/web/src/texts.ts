/** Every word that the page itself says, in Vietnamese first and in English. `{name}` fields are filled. */

export type Language = "vi" | "en";

export interface Both {
  readonly vi: string;
  readonly en: string;
}

export const TEXTS = {
  centre: { vi: "Trung tâm điều hành", en: "Operations centre" },
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
  since: { vi: "từ {time}", en: "since {time}" },
  by_module: { vi: "Theo mô-đun", en: "By module" },

  // One alert
  why: { vi: "Vì sao có cảnh báo này", en: "Why it rang" },
  history: { vi: "Diễn biến", en: "History" },
  evidence: { vi: "Bằng chứng", en: "Evidence" },
  no_evidence: { vi: "Không có bằng chứng kèm theo", en: "No evidence attached" },
  close: { vi: "Đóng", en: "Close" },
  no_story: { vi: "Không đọc được cảnh báo này", en: "This alert could not be read" },
  firing: { vi: "đang diễn ra", en: "firing" },
  cleared: { vi: "đã hết", en: "cleared" },
  C2: { vi: "bắt đầu", en: "opened" },
  C3: { vi: "cập nhật", en: "updated" },
  C6: { vi: "đã hết", en: "cleared" },
  C9: { vi: "tăng mức", en: "severity raised" },

  // The map
  map: { vi: "Bản đồ", en: "Map" },
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
