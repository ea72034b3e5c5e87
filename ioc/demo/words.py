"""What citizens write: complete sentences with a place to fill in, and never a name or a telephone number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """A queue of the petition app, who works on it and what comes in; ``often`` is its weight."""

    queue: str
    category: str
    agency: str
    often: int
    texts: tuple[str, ...]


SUBJECTS = (
    Subject("giao-thong", "duong-sa", "phong-kinh-te", 17, (
        "Mặt đường bê tông ở {place} bị sụt một đoạn dài, xe máy đi buổi tối rất dễ ngã. Đề nghị sửa sớm.",
        "Đất đá từ ta luy tràn xuống đường tại {place} từ hôm trước, hiện mới dọn được một bên.",
        "Biển báo đường cong tại {place} bị cây che khuất, người lạ đi qua không nhìn thấy.",
        "Xe tải chở keo chạy nhanh qua {place} vào giờ tan học, đề nghị có biện pháp nhắc nhở.",
        "Cống thoát nước bên đường tại {place} bị mất nắp, rất nguy hiểm cho trẻ em.",
    )),
    Subject("dien", "luoi-dien", "dien-luc", 15, (
        "Dây điện tại {place} bị võng thấp, sát mái nhà dân, mong ngành điện kiểm tra.",
        "Điện ở {place} yếu vào buổi tối, bóng đèn chập chờn và máy bơm không chạy được.",
        "Đèn đường tại {place} hỏng đã hơn một tuần, buổi tối đi lại khó khăn.",
        "Cành cây đè lên đường dây điện tại {place}, khi có gió thì phát tia lửa.",
    )),
    Subject("nuoc-sinh-hoat", "cap-nuoc", "doi-cap-nuoc", 12, (
        "Nước sinh hoạt ở {place} bị đục, có mùi bùn, đề nghị kiểm tra bể lọc.",
        "Đường ống dẫn nước tự chảy tại {place} bị rò, nước chảy tràn ra đường.",
        "Đồng hồ nước tại {place} bị hỏng, đề nghị thay mới.",
    )),
    Subject("moi-truong", "rac-thai", "phong-kinh-te", 16, (
        "Rác sinh hoạt tại {place} ba ngày nay chưa được thu gom, bốc mùi khó chịu.",
        "Có người đổ xà bần xuống bờ suối tại {place}, đề nghị kiểm tra và xử lý.",
        "Cơ sở xẻ gỗ tại {place} hoạt động đến khuya, tiếng ồn và bụi ảnh hưởng các hộ xung quanh.",
        "Bãi tập kết rác tại {place} bị chó bới, rác vương ra đường.",
    )),
    Subject("an-ninh-trat-tu", "trat-tu", "cong-an-xa", 14, (
        "Quán hát tại {place} mở loa lớn sau 22 giờ, người già và trẻ nhỏ không ngủ được.",
        "Trâu bò thả rông tại {place} thường nằm giữa đường vào buổi tối.",
        "Nhóm thanh niên tụ tập rú ga xe máy tại {place} vào tối cuối tuần.",
    )),
    Subject("dich-vu-cong", "thu-tuc", "trung-tam-phuc-vu-hanh-chinh-cong", 16, (
        "Tôi ở {place}, nộp hồ sơ trực tuyến nhưng chưa nhận được mã hồ sơ, xin được hướng dẫn.",
        "Xin hỏi người dân ở {place} làm giấy xác nhận tình trạng hôn nhân thì nộp hồ sơ ở đâu.",
        "Đề nghị tổ công nghệ số cộng đồng ở {place} hướng dẫn người lớn tuổi cài ứng dụng Bắc Trà My Smart.",
        "Cổng dịch vụ công báo lỗi khi thanh toán lệ phí, tôi ở {place} đã thử nhiều lần vẫn không được.",
    )),
)  # fmt: skip

PLACES = (
    "thôn 1", "thôn 2", "thôn 3", "thôn 4", "khu vực gần chợ", "đoạn trước trường tiểu học",
    "khu dân cư ven suối", "đường vào nhà văn hóa thôn", "gần trạm y tế", "dốc sau trụ sở xã",
)  # fmt: skip

#: The storm: a broken main, seen from many kitchens.
STORM_PLACES = (
    "thôn 1", "thôn 2", "thôn 3", "thôn 4", "khu phố chợ", "khu tập thể giáo viên", "dãy nhà sau bến xe",
    "đường trước trạm y tế", "khu dân cư gần cầu", "xóm trên trường mẫu giáo", "dốc bưu điện",
)  # fmt: skip
STORM_TEXTS = (
    "Nhà tôi ở {place} mất nước từ sáng đến giờ, không biết bao giờ có lại.",
    "Cả {place} không có nước sinh hoạt, đề nghị đơn vị cấp nước thông báo nguyên nhân.",
    "Đường ống chính gần {place} bị vỡ, nước phun tràn mặt đường, mong cho người đến khóa van.",
    "Tại {place}, vòi chỉ chảy nhỏ giọt rồi mất hẳn. Nhà có người già và trẻ nhỏ nên rất cần nước.",
    "Quán ăn của gia đình ở {place} phải đóng cửa vì không có nước, xin cho biết khi nào khắc phục xong.",
    "Trường học gần {place} không có nước cho học sinh bán trú, đề nghị hỗ trợ xe bồn.",
    "Đã gọi đường dây cấp nước nhưng máy luôn bận. {Place} vẫn chưa có nước.",
)
FIRE_TEXTS = (
    "Có khói bốc cao ở rừng keo phía trên thôn 2, gió đang thổi mạnh về phía khu dân cư.",
    "Từ thôn 3 thấy lửa cháy lan trên sườn đồi, đề nghị lực lượng kiểm lâm đến ngay.",
    "Khói mù mịt trên đường vào cầu Trà Đốc, xe đi lại phải bật đèn.",
    "Tro bay xuống mái nhà ở thôn 3, bà con đang tự phát dọn quanh nhà và cần thêm người.",
)
