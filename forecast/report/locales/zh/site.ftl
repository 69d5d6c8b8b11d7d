## The frame of every page

site-language = 中文
site-editions = 其他语言
site-skip = 跳到正文
site-pages = 页面
site-contents = 本页内容
site-provenance = 编制信息
site-parameters = 参数
site-name = 名称
site-value = 取值
site-meaning = 含义
site-code = 本页代码
site-table = 表格
site-filter = 筛选表格：
site-companions = 相关页面
site-alone = 本页未与报告的其他页面放在一起。标有“°”的链接指向其他页面，仅在完整的报告文件夹中可以打开。
site-licence =
    引用时请注明页面标题、规划名称和下列生成日期。代码采用MIT许可证，随附的数据汇编采用CC BY 4.0许可协议，数据归所列发布单位。
site-caution = 本报告为根据已公布数据进行的模型测算结果，不代表任何政府部门的官方预测。

site-picture = 没有文字说明的图片
site-chart = 图
site-chart-menu = 保存图形
site-chart-svg = 保存为SVG
site-chart-figures = 查看数据
site-chart-csv = 下载数据（CSV）
site-chart-png = 保存为PNG

## The menu

site-overview = 总览
site-briefing = 决策简报
site-track-record = 历史预测检验
site-scenarios = 情景分析
site-targets = 目标
site-data = 数据
site-further = 其他页面
site-takes = 实现条件：{ $target }

## Provenance

site-run = 运行编号
site-made = 生成时间
site-data-digest = 数据（SHA-256）
site-program = 程序
site-method = 方法
site-method-learned = 加权组合预测
site-results = 全部结果
site-results-where = 见本套报告文件夹中的results.xlsx、results.csv、results.parquet和results.json

## A page that could not be made

site-failed = 本页未能生成，其他页面不受影响。
site-failure = 原因：
site-detail = 技术细节
site-trouble-cell = { $notebook }的第{ $cell }个单元格出错：{ $error }
site-trouble-died = { $how ->
    [memory] 计算本页的Python进程意外终止（信号{ $n }，可能是内存不足）。
    [signal] 计算本页的Python进程意外终止（信号{ $n }）。
    [status] 计算本页的Python进程意外终止（退出状态{ $n }）。
   *[unknown] 计算本页的Python进程意外终止。
}
site-trouble-timeout = 连续{ $seconds }秒没有进展，已被中止。
site-trouble-flood = { $notebook }输出内容过多，已被中止。
site-trouble-unwritten = 页面无法写入：{ $error }
site-trouble-other = { $error }
site-advice = { $status ->
    [died] 请关闭其他程序，或减少并行进程（--jobs 1），然后重新运行forecast report。未受影响的页面不会重新计算。
    [timeout] 请放宽时限（--timeout），或待机器空闲后重新运行forecast report。未受影响的页面不会重新计算。
   *[failed] 直接重新运行仍会出错。请先按技术细节修正所指的数据、笔记本或程序，再运行forecast report。
}
site-last-good = 本页最近一次正常生成的版本（{ $day }计算）
site-last-none = 现存各套报告中均没有本页的正常版本。
site-notebook = 已执行部分的笔记本

## Parameters

parameter-plan = 规划的代码，见data/plans.csv；留空表示第一个规划
parameter-target = 目标的代码，见data/targets.csv
parameter-horizon-year = 改为评估其他年份；0表示规划的目标年份
parameter-indicator = 指标的代码，见data/indicators.csv
parameter-region = 地区的代码，见data/regions.csv；留空表示第一个规划的地区
parameter-names = 参与比较的情景，即data/scenarios中的文件名；留空表示全部
parameter-figures = 变动取值的指标，例如"region/indicator growth 2026-2027"；留空表示关联最强的指标
parameter-scenario = 作为起点的情景，即data/scenarios中的文件
parameter-data = 数据表所在文件夹；留空表示自带数据
parameter-as-of = 只使用该日期（年-月-日）以前公布的数据；留空表示全部
parameter-draws = 模拟路径的条数
parameter-seed = 随机数种子；种子相同则页面相同
parameter-families = 改用等权合并的单项模型；留空表示加权组合预测
parameter-outside = 其他机构的预测是否计入：all为计入，none为不计入
parameter-since = 上一版的文件（位于reports/editions）；留空表示不作比较
parameter-lang = 页面语言：en为英文，zh为中文
